package judge

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// together is the name of the rule that holds what all rules of a namespace that are
// sets hold, each element in an array behind the number of its rule. No policy can
// spell it but as an index of its package.
const together = ast.Var("all rules together")

// Where it pays to compile the rules once more.
const (
	many = 200     // files
	wide = 1 << 20 // bytes of one file
)

// merge compiles the policies with one more rule in each of the namespaces: to ask one
// rule of many definitions costs two thirds of asking many rules. The definitions are
// copies, narrowed, and refer to the same helpers; the rules themselves stay for whoever
// names them. Namespaces in which a policy could see it stay as they are.
func (e *Engine) merge(spaces []space) {
	modules := make(map[string]*ast.Module, 2*len(e.Modules))
	for i := range spaces {
		s := &spaces[i]
		sets := 0
		for _, r := range s.rules {
			if r.set {
				sets++
			}
		}
		if sets == 0 || e.enumerated(s.name) {
			continue
		}
		s.merged = true
		for _, p := range e.paths {
			if m := e.Modules[p]; namespace(m) == s.name {
				if own := s.definitions(m); own != nil {
					modules[p+" "+string(together)] = own
				}
			}
		}
	}
	if len(modules) == 0 {
		return
	}
	for p, m := range e.Modules {
		modules[p] = m
	}
	own := Declared()
	index := havingBuiltin()
	own[having] = index.Decl
	compiler := e.newCompiler(false, own) // the rules as they were written have passed
	if compiler.Compile(modules); compiler.Failed() {
		for i := range spaces { // there is nothing in a copy that should fail
			spaces[i].merged = false
		}
		return
	}
	e.Compiler = compiler
	e.Builtins = append(e.Builtins, index)
}

// definitions returns a module with copies of the rules that are sets, nil if it has
// none.
func (s space) definitions(m *ast.Module) *ast.Module {
	own := &ast.Module{Package: m.Package.Copy()}
	for _, imported := range m.Imports {
		own.Imports = append(own.Imports, imported.Copy())
	}
	own.SetRegoVersion(m.RegoVersion())
	for _, r := range m.Rules {
		n := slices.IndexFunc(s.rules, func(o rule) bool { return o.set && o.name == r.Head.Name.String() })
		if n < 0 {
			continue
		}
		r = r.Copy()
		key := ast.ArrayTerm(ast.InternedTerm(n), r.Head.Key)
		key.Location = r.Head.Key.Location
		head := ast.NewHead(together, key)
		head.Location = r.Head.Location
		r.Head, r.Module, r.Annotations = head, own, nil
		narrow(r.Body)
		own.Rules = append(own.Rules, r)
	}
	if len(own.Rules) == 0 {
		return nil
	}
	return own
}

// enumerated says whether a policy may see what rules a package has: by a reference to
// it, to one that it is in, or to what is not known before; or by its own annotations.
func (e *Engine) enumerated(name string) bool {
	var whole ast.Ref
	found := false
	for _, m := range e.Modules {
		if namespace(m) == name {
			whole = m.Package.Path
			ast.WalkRefs(m, func(ref ast.Ref) bool {
				found = found || strings.HasPrefix(ref.String(), "rego.metadata.")
				return found
			})
		}
	}
	for _, m := range e.Compiler.Modules {
		for _, r := range m.Rules {
			ast.WalkRefs(r, func(ref ast.Ref) bool {
				found = found || reaches(ref, whole)
				return found
			})
		}
	}
	return found
}

// reaches says whether a reference may be to a package as a whole.
func reaches(ref, whole ast.Ref) bool {
	if !ref[0].Equal(ast.DefaultRootDocument) {
		return false
	}
	for i := 1; i < len(ref); i++ {
		part, ground := ref[i].Value.(ast.String)
		switch {
		case !ground:
			return true // it may be any, as may what comes behind it
		case i == len(whole):
			return part == ast.String(together)
		case !part.Equal(whole[i].Value):
			return false
		}
	}
	return true
}
