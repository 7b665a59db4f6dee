package control

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// uses returns the constant beginnings of a module's references to data and of
// its imports.
func uses(m *ast.Module) []ast.Ref {
	var out []ast.Ref
	ast.WalkRefs(m, func(r ast.Ref) bool {
		if r[0].Equal(ast.DefaultRootDocument) {
			out = append(out, r.ConstantPrefix())
		}
		return false
	})
	return out
}

// imported returns the modules a control uses, by import or in full, and those
// that these use.
func (c *Control) imported() []*file {
	taken := map[*file]bool{}
	var out []*file
	pending := uses(c.file.parsed())
	for len(pending) > 0 {
		use := pending[0]
		pending = pending[1:]
		for _, lib := range c.libs {
			p := lib.module.Package.Path
			if taken[lib] || !use.HasPrefix(p) && !p.HasPrefix(use) {
				continue
			}
			taken[lib] = true
			out = append(out, lib)
			pending = append(pending, uses(lib.module)...)
		}
	}
	return out
}

// ReadsTarget reports whether what the control says may depend on input.target:
// it or a module it uses refers to it, or to input as a whole.
func (c *Control) ReadsTarget() bool {
	found := false
	var look *ast.GenericVisitor
	look = ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case ast.Ref:
			if !x[0].Equal(ast.InputRootDocument) {
				return false
			}
			member := ast.String("")
			if len(x) > 1 {
				member, _ = x[1].Value.(ast.String)
			}
			found = found || member != "subject" && member != "facts" && member != "run"
			for _, t := range x[1:] {
				look.Walk(t)
			}
			return true
		case ast.Var:
			found = found || x.Equal(ast.InputRootDocument.Value)
		}
		return false
	})
	for _, f := range append([]*file{c.file}, c.imported()...) {
		look.Walk(f.parsed())
	}
	return found
}
