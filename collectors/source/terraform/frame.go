package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// frame is where an expression stands: a module instance and the names that
// hold in the block at hand only. Without an instance, as in a variable file,
// no name means anything.
type frame struct {
	ev    *evaluation
	in    *instance
	outer *frame
	bound *binding
}

// binding is one such name: count, each, or the iterator of a dynamic block.
type binding struct {
	name   string
	fields []boundField
}

type boundField struct {
	name  string
	datum *datum
}

func (f *frame) with(b *binding) *frame {
	return &frame{ev: f.ev, in: f.in, outer: f, bound: b}
}

func (f *frame) binding(name string) *binding {
	for ; f != nil; f = f.outer {
		if f.bound != nil && f.bound.name == name {
			return f.bound
		}
	}
	return nil
}

func (b *binding) field(name string) *datum {
	for _, f := range b.fields {
		if f.name == name {
			return f.datum
		}
	}
	return nil
}

func (b *binding) object() cty.Value {
	attrs := make(map[string]cty.Value, len(b.fields))
	for _, f := range b.fields {
		attrs[f.name] = f.datum.value()
	}
	return cty.ObjectVal(attrs)
}

// named finds what the start of a traversal names, unless it is a resource, a
// data source or a module call; rest is what is left to follow. Problem says
// why nothing is named by it.
func (f *frame) named(t hcl.Traversal) (d *datum, rest hcl.Traversal, problem string) {
	root := t.RootName()
	if b := f.binding(root); b != nil {
		name, ok := step(t, 1)
		if !ok {
			return settled(f.ev, root, b.object(), nil), t[1:], ""
		}
		if d = b.field(name); d == nil {
			return nil, nil, root + "." + name + " does not exist"
		}
		return d, t[2:], ""
	}
	if f.in == nil {
		return nil, nil, "names cannot be used here"
	}
	name, ok := step(t, 1)
	switch root {
	case "var":
		if d = f.in.variable(name); d == nil && ok {
			return nil, nil, "variable " + name + " is not declared"
		}
	case "local":
		if d = f.in.local(name); d == nil && ok {
			return nil, nil, "local value " + name + " is not declared"
		}
	case "path", "terraform":
		if d = f.in.builtin(root, name); d == nil && ok {
			return nil, nil, root + "." + name + " does not exist"
		}
	case "count", "each":
		return nil, nil, root + " is used in a block without " + map[string]string{"count": "count", "each": "for_each"}[root]
	case "self":
		return nil, nil, "self cannot be used here"
	}
	if d == nil {
		return nil, nil, root + " cannot be used by itself"
	}
	return d, t[2:], ""
}

// builtin is path.x and terraform.x. Paths are relative to the root module, as
// where Terraform runs in its folder.
func (in *instance) builtin(root, name string) *datum {
	text := func(s string) *datum { return settled(in.ev, root+"."+name, cty.StringVal(s), nil) }
	switch root + "." + name {
	case "path.module":
		return text(relative(in.ev.dir, in.mod.dir))
	case "path.root":
		return text(".")
	case "path.cwd":
		return settled(in.ev, "path.cwd", unknownBecause(cty.String, "path.cwd is known only where Terraform runs"), nil)
	case "terraform.workspace":
		return text(in.ev.workspace)
	case "terraform.applying":
		return settled(in.ev, "terraform.applying", unknownBecause(cty.Bool, afterApply), nil)
	}
	return nil
}

// relative is the path of dir seen from the root module's folder.
func relative(root, dir string) string {
	if dir == root {
		return "."
	}
	if root == "." {
		return dir
	}
	a, b := strings.Split(root, "/"), strings.Split(dir, "/")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return strings.Repeat("../", len(a)) + strings.Join(b, "/")
}
