package control

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// Compile makes the one compiler that evaluates the set's controls whose subject
// is among the kinds, with the modules they may import.
func (s *Set) Compile(kinds map[string]bool) (*ast.Compiler, []*Control, []fact.Diagnostic) {
	modules := map[string]*ast.Module{}
	var controls []*Control
	for _, f := range s.files {
		if !isControl(f.module) {
			modules[f.path] = f.module
		}
	}
	for _, c := range s.Controls {
		if kinds[c.Subject] {
			modules[c.file.path] = c.file.module
			controls = append(controls, c)
		}
	}
	compiler := ast.NewCompiler().WithCapabilities(s.capabilities).WithStrict(true).WithEnablePrintStatements(false)
	compiler.Compile(modules)
	if !compiler.Failed() {
		return compiler, controls, nil
	}
	return nil, nil, s.diagnose(compiler.Errors)
}

// diagnose attributes compile errors to their files.
func (s *Set) diagnose(errs ast.Errors) []fact.Diagnostic {
	byPath := map[string]*file{}
	for _, f := range s.files {
		byPath[f.path] = f
	}
	var out []fact.Diagnostic
	for _, e := range errs {
		var f *file
		if e.Location != nil {
			f = byPath[e.Location.File]
		}
		if f == nil {
			f = &file{}
		}
		out = append(out, f.explain(e))
	}
	return out
}
