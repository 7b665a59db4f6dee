package terraform

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// contextBuilder collects the variables of one EvalContext.
type contextBuilder struct {
	frame  *frame
	vars   map[string]cty.Value
	groups map[string]map[string]cty.Value // root name, then name
	wanted map[string]*wanted              // by resource or module call
	datas  map[string]map[string]cty.Value // data.TYPE and ephemeral.TYPE
}

// wanted are the attributes of a resource, or the outputs of a module, that an
// expression reads. All is set where it reads the thing as a whole.
type wanted struct {
	names []string
	all   bool
}

func (w *wanted) add(rest hcl.Traversal) {
	if len(rest) > 0 {
		if _, isIndex := rest[0].(hcl.TraverseIndex); isIndex {
			rest = rest[1:]
		}
	}
	name, ok := step(rest, 0)
	if !ok {
		w.all = true
		return
	}
	if !slices.Contains(w.names, name) {
		w.names = append(w.names, name)
	}
}

// list returns the names wanted, nil for all.
func (w *wanted) list() []string {
	if w.all {
		return nil
	}
	slices.Sort(w.names)
	return w.names
}

// need notes what of a resource or module the traversal reads.
func (b *contextBuilder) need(t hcl.Traversal) {
	key, rest := b.subject(t)
	if key == "" {
		return
	}
	if b.wanted == nil {
		b.wanted = map[string]*wanted{}
	}
	w := b.wanted[key]
	if w == nil {
		w = &wanted{}
		b.wanted[key] = w
	}
	w.add(rest)
}

// subject is the resource or module call that the traversal starts with.
func (b *contextBuilder) subject(t hcl.Traversal) (key string, rest hcl.Traversal) {
	if name, rest, ok := b.frame.resourceIn(t); ok {
		return name.String(), rest
	}
	if name, ok := step(t, 1); ok && t.RootName() == "module" && b.frame.binding("module") == nil {
		return "module." + name, t[2:]
	}
	return "", nil
}

func (b *contextBuilder) add(t hcl.Traversal) {
	f := b.frame
	root := t.RootName()
	if bound := f.binding(root); bound != nil {
		if _, done := b.vars[root]; !done {
			b.vars[root] = bound.object()
		}
		return
	}
	key, _ := b.subject(t)
	if name, _, ok := f.resourceIn(t); ok {
		v := f.resourceValue(name, b.wanted[key].list(), t.SourceRange())
		switch {
		case root == data || root == ephemeral:
			b.set2(root, name.kind, name.name, v)
		case root == "resource":
			b.set2(root, name.kind, name.name, v)
		default:
			b.set(root, name.name, v)
		}
		return
	}
	if key != "" {
		name, _ := step(t, 1)
		b.set("module", name, f.moduleValue(name, b.wanted[key].list(), t.SourceRange()))
		return
	}
	if _, ok := step(t, 1); !ok && len(t) == 1 && f.in != nil && root != "var" && root != "local" {
		b.vars[root] = f.undeclared(t)
		return
	}
	d, rest, problem := f.named(t)
	if problem != "" {
		b.unknown(t, problem)
		return
	}
	name, ok := step(t, len(t)-len(rest)-1)
	if !ok || len(t)-len(rest) < 2 {
		b.vars[root] = d.value()
		return
	}
	b.set(root, name, d.value())
}

// unknown enters what names nothing as an unknown, with a warning: what else
// the expression says can still be computed.
func (b *contextBuilder) unknown(t hcl.Traversal, problem string) {
	b.frame.ev.warn(t.SourceRange(), problem, "")
	v := unknownBecause(cty.DynamicPseudoType, problem)
	if name, ok := step(t, 1); ok {
		b.set(t.RootName(), name, v)
		return
	}
	b.vars[t.RootName()] = v
}

func (f *frame) undeclared(t hcl.Traversal) cty.Value {
	problem := t.RootName() + " is not a name that is known here"
	f.ev.warn(t.SourceRange(), problem, "")
	return unknownBecause(cty.DynamicPseudoType, problem)
}

func (b *contextBuilder) set(root, name string, v cty.Value) {
	if b.groups[root] == nil {
		b.groups[root] = map[string]cty.Value{}
	}
	b.groups[root][name] = v
}

func (b *contextBuilder) set2(root, kind, name string, v cty.Value) {
	if b.datas == nil {
		b.datas = map[string]map[string]cty.Value{}
	}
	key := root + "." + kind
	if b.datas[key] == nil {
		b.datas[key] = map[string]cty.Value{}
	}
	b.datas[key][name] = v
	b.set(root, kind, cty.NilVal)
}

func (b *contextBuilder) close() {
	for root, names := range b.groups {
		for name, v := range names {
			if v == cty.NilVal {
				names[name] = cty.ObjectVal(b.datas[root+"."+name])
			}
		}
		if _, done := b.vars[root]; !done {
			b.vars[root] = cty.ObjectVal(names)
		}
	}
}
