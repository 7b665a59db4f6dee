package control

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// Compile makes the one compiler that evaluates the set's controls whose subject
// is among the kinds, with the modules they may import. Of a kind that is false no
// fact is there to be judged: the embedded controls of it, which are known to compile,
// are returned and left out of the compiler. A file that does not
// compile is left out, with what depends on it, and is in the diagnostics: the
// others still answer. The compiler is nil if nothing is left to blame.
func (s *Set) Compile(kinds map[string]bool) (*ast.Compiler, []*Control, []fact.Diagnostic) {
	var diagnostics []fact.Diagnostic
	dropped := map[string]bool{}
	foreign := s.foreign()
	for {
		modules := map[string]*ast.Module{}
		known := true // all of it is embedded, and its tests have checked it
		var controls []*Control
		for _, f := range s.files {
			if !f.isControl() && !dropped[f.path] && !foreign[f] {
				modules[f.path] = f.module
				known = known && f.embedded
			}
		}
		for _, c := range s.Controls {
			judged, occurs := kinds[c.Subject]
			if !occurs || dropped[c.file.path] {
				continue
			}
			controls = append(controls, c)
			if judged || !c.file.embedded {
				modules[c.file.path] = c.file.parsed()
				known = known && c.file.known != nil
			}
		}
		compiler := ast.NewCompiler().WithCapabilities(s.capabilities).WithStrict(!known).WithEnablePrintStatements(false).WithSkipStages(skip(known)...)
		compiler.Compile(modules)
		if !compiler.Failed() {
			for _, c := range controls {
				c.compiler = compiler
			}
			return compiler, controls, diagnostics
		}
		diagnostics = append(diagnostics, s.diagnose(compiler.Errors)...)
		if !drop(compiler.Errors, dropped) {
			return nil, nil, diagnostics
		}
	}
}

// skip lists the stages that a compiler leaves out: types have been checked by Load,
// and what is known has been checked in every way by its tests.
func skip(known bool) []ast.StageID {
	stages := []ast.StageID{ast.StageCheckTypes, ast.StageBuildRequiredCapabilities}
	if known {
		stages = append(stages, ast.StageCheckUnsafeBuiltins, ast.StageCheckDeprecatedBuiltins, ast.StageCheckRuleConflicts, ast.StageCheckRecursion,
			ast.StageSetAnnotationSet, ast.StageCheckVoidCalls, ast.StageCheckDuplicateImports, ast.StageCheckUnusedImports, ast.StageCheckKeywordOverrides)
	}
	return stages
}

// foreign are the modules that only conftest policies use, which have a compiler of
// their own.
func (s *Set) foreign() map[*file]bool {
	out := map[*file]bool{}
	var reach func(from *file)
	reach = func(from *file) {
		out[from] = true
		for _, use := range uses(from.module) {
			for _, f := range s.files {
				if out[f] || f.embedded || isControl(f.module) {
					continue
				}
				if p := f.module.Package.Path; use.HasPrefix(p) || p.HasPrefix(use) {
					reach(f)
				}
			}
		}
	}
	for _, f := range s.files {
		if f.policy != nil && !out[f] {
			reach(f)
		}
	}
	if len(out) == 0 {
		return nil
	}
	for _, c := range s.Controls {
		if !c.file.embedded {
			for _, f := range c.imported() {
				delete(out, f)
			}
		}
	}
	return out
}

// drop notes the files that errors name, and reports whether there was any.
func drop(errs ast.Errors, dropped map[string]bool) bool {
	named := false
	for _, e := range errs {
		if e.Location != nil && e.Location.File != "" && !dropped[e.Location.File] {
			dropped[e.Location.File] = true
			named = true
		}
	}
	return named
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
