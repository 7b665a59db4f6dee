package control

import (
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// copy returns a module of its own, made from one that no compiler has seen.
func (f *file) copy(capabilities *ast.Capabilities) (*ast.Module, error) {
	f.pristine.once.Do(func() {
		f.pristine.module, f.pristine.err = f.parse(capabilities)
		if f.pristine.err == nil {
			f.pristine.uses = uses(f.pristine.module)
		}
	})
	if f.pristine.err != nil {
		return nil, f.pristine.err
	}
	return f.pristine.module.Copy(), nil
}

type pristine struct {
	once   sync.Once
	module *ast.Module
	uses   []ast.Ref
	err    error
}

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
func (c *Control) imported(m *ast.Module) []*file {
	taken := map[*file]bool{}
	var out []*file
	pending := uses(m)
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
			if _, err := lib.copy(c.capabilities); err == nil {
				pending = append(pending, lib.pristine.uses...)
			}
		}
	}
	return out
}
