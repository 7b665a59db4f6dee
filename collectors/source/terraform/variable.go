package terraform

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// setRootVariables reads the variable files of the root module in Terraform's
// order: terraform.tfvars, terraform.tfvars.json, *.auto.tfvars and
// *.auto.tfvars.json by name, then varFiles. The last one that sets a variable
// wins.
func (in *instance) setRootVariables(varFiles []string) {
	ev := in.ev
	files := automaticFiles(ev.fsys, ev.dir)
	for _, name := range varFiles {
		p, ok := inTree(".", name)
		if !ok {
			ev.unusable(name, "variable file "+name+" is outside the tree")
			continue
		}
		files = append(files, p)
	}
	given := map[string]*argument{}
	lost := "" // a file that may set any variable, but could not be read
	for _, name := range files {
		body := ev.parseFile(name, true)
		if body == nil {
			lost = "variable file " + name + " could not be read"
			clear(given)
			continue
		}
		for _, b := range body.Blocks {
			ev.fail(b.TypeRange, fmt.Sprintf("a block of type %q is not expected in a variable file", b.Type), "write values as name = value")
		}
		for _, a := range sortedAttributes(body) {
			if in.mod.variable[a.Name] == nil {
				ev.warn(a.NameRange, "variable "+a.Name+" is not declared", "declare it in the root module or take the value out")
				continue
			}
			given[a.Name] = &argument{frame: &frame{ev: ev}, expr: a.Expr}
		}
	}
	for name, arg := range given {
		in.variables[name] = in.bind(in.mod.variable[name], arg)
	}
	if lost == "" {
		return
	}
	for name, decl := range in.mod.variable {
		if given[name] == nil {
			v := unknownBecause(decl.ty, lost)
			if decl.sensitive {
				v = v.Mark(secret{})
			}
			in.variables[name] = settled(ev, "variable "+name, v, func() *Value {
				return &Value{Pos: position(decl.rng), Sensitive: decl.sensitive}
			})
		}
	}
}

func automaticFiles(fsys fs.FS, dir string) []string {
	var files []string
	for _, name := range []string{"terraform.tfvars", "terraform.tfvars.json"} {
		if _, err := fs.Stat(fsys, path.Join(dir, name)); err == nil {
			files = append(files, path.Join(dir, name))
		}
	}
	entries, _ := fs.ReadDir(fsys, dir)
	for _, e := range entries {
		name := e.Name()
		if strings.HasSuffix(name, ".auto.tfvars") || strings.HasSuffix(name, ".auto.tfvars.json") {
			files = append(files, path.Join(dir, name))
		}
	}
	return files
}

// bind gives a declared variable its value: the argument, else the default,
// converted to the declared type.
func (in *instance) bind(decl *variableBlock, arg *argument) *datum {
	name := decl.labels[0]
	d := &datum{ev: in.ev, label: "variable " + name, rng: decl.rng}
	fallback := &argument{frame: &frame{ev: in.ev}}
	if decl.fallback != nil {
		fallback.expr = decl.fallback.Expr
	}
	if arg == nil {
		arg = fallback
	}
	// One lookup decides whose tree gives the positions; see nullable.
	d.make = func() cty.Value {
		if arg.expr == nil {
			return in.noValue(decl)
		}
		v := arg.frame.value(arg.expr)
		if v.IsNull() && !decl.nullable && arg != fallback {
			// A null for a variable that is not nullable asks for the default.
			if arg = fallback; arg.expr == nil {
				return in.noValue(decl)
			}
			v = arg.frame.value(arg.expr)
		}
		return in.ev.converted(v, decl, arg.expr.Range())
	}
	d.shape = func() *Value {
		if arg.expr == nil {
			return &Value{Pos: position(decl.rng)}
		}
		return arg.frame.tree(arg.expr)
	}
	d.exact = decl.ty == cty.DynamicPseudoType && !decl.sensitive
	return d
}

func (in *instance) noValue(decl *variableBlock) cty.Value {
	v := unknownBecause(decl.ty, in.missing(decl))
	if decl.sensitive {
		v = v.Mark(secret{})
	}
	return v
}

// converted applies the type constraint of a variable.
func (ev *evaluation) converted(v cty.Value, decl *variableBlock, rng hcl.Range) cty.Value {
	if decl.defaults != nil && !v.IsNull() {
		v = decl.defaults.Apply(v)
	}
	c, err := convert.Convert(v, decl.ty)
	if err != nil {
		reason := fmt.Sprintf("the value of variable %s does not fit its type: %s", decl.labels[0], wording(err))
		ev.fail(rng, reason, "declared at "+position(decl.rng).String())
		c = unknownBecause(decl.ty, reason)
	}
	if decl.sensitive {
		c = c.Mark(secret{})
	}
	return c
}

// wording is the text of a cty error with the path into the value.
func wording(err error) string {
	if pe, ok := err.(cty.PathError); ok && len(pe.Path) > 0 {
		var b strings.Builder
		for _, s := range pe.Path {
			switch s := s.(type) {
			case cty.GetAttrStep:
				b.WriteString("." + s.Name)
			case cty.IndexStep:
				b.WriteString("[" + keyText(s.Key) + "]")
			}
		}
		return strings.TrimPrefix(b.String(), ".") + ": " + err.Error()
	}
	return err.Error()
}
