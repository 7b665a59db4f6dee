package control

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// withheld built-ins reach the network and the environment; the clock and chance are
// there, and the same in every run.
var withheld = []string{"http.send", "net.lookup_ip_addr", "opa.runtime"}

// PolicyCapabilities returns what conftest policies may use.
func PolicyCapabilities() *ast.Capabilities {
	c := ast.CapabilitiesForThisVersion()
	c.Builtins = slices.DeleteFunc(slices.Clone(c.Builtins), func(b *ast.Builtin) bool { return slices.Contains(withheld, b.Name) })
	c.AllowNet = []string{}
	return c
}

// CompilePolicies makes the compiler of the conftest policies, with the modules beside
// them, not strict, as conftest has it by default. Policies that do not compile, and
// those that use them, are in the diagnostics; the others are returned. The compiler
// is nil if none is left.
func (s *Set) CompilePolicies() (*ast.Compiler, []*Policy, []fact.Diagnostic) {
	builtins := map[string]*ast.Builtin{}
	for _, b := range s.builtins {
		builtins[b.Name] = b
	}
	var diagnostics []fact.Diagnostic
	dropped := map[string]bool{}
	for {
		modules := map[string]*ast.Module{}
		for _, f := range s.files {
			if !f.embedded && !isControl(f.module) && !dropped[f.path] {
				modules[f.path] = f.module
			}
		}
		policies := slices.DeleteFunc(slices.Clone(s.Policies), func(p *Policy) bool {
			return slices.ContainsFunc(p.files, func(f *file) bool { return dropped[f.path] })
		})
		if len(policies) == 0 {
			return nil, nil, diagnostics
		}
		compiler := ast.NewCompiler().WithCapabilities(PolicyCapabilities()).WithBuiltins(builtins).WithEnablePrintStatements(false)
		compiler.Compile(modules)
		if !compiler.Failed() {
			return compiler, policies, append(diagnostics, s.undefined(compiler)...)
		}
		diagnostics = append(diagnostics, s.diagnose(compiler.Errors)...)
		if !drop(compiler.Errors, dropped) {
			return nil, nil, diagnostics
		}
		s.dropUsers(dropped)
	}
}

// dropUsers drops what refers to packages that were dropped: it would be undefined
// there, and so pass.
func (s *Set) dropUsers(dropped map[string]bool) {
	for grown := true; grown; {
		grown = false
		for _, f := range s.files {
			if dropped[f.path] || f.embedded || isControl(f.module) {
				continue
			}
			for _, use := range append(uses(f.module), f.module.Package.Path) {
				if slices.ContainsFunc(s.files, func(o *file) bool {
					if !dropped[o.path] {
						return false
					}
					p := o.parsed().Package.Path
					return use.HasPrefix(p) || p.HasPrefix(use)
				}) {
					dropped[f.path], grown = true, true
				}
			}
		}
	}
}

// undefined finds references to data at which nothing is: they are undefined in
// silence, and the rules that need them pass.
func (s *Set) undefined(compiler *ast.Compiler) []fact.Diagnostic {
	var names []string
	for _, m := range compiler.Modules {
		for _, r := range m.Rules {
			if name := namespace(m) + "." + ruleName(r); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	var found []fact.Diagnostic
	for _, f := range s.files {
		m := compiler.Modules[f.path]
		if m == nil {
			continue
		}
		ast.WalkRefs(m, func(ref ast.Ref) bool {
			if !ref[0].Equal(ast.DefaultRootDocument) || len(ref) < 2 || s.defines(compiler, ref) {
				return false
			}
			name := strings.TrimPrefix(ref.ConstantPrefix().String(), "data.")
			d := f.diagnose(ref[0].Location, "nothing is defined there", fmt.Sprintf("there is no rule, package or data %s%s", name, fact.Suggest(name, names)),
				"what is not there is undefined, and a rule that needs it finds nothing; --data names folders of data")
			if s.permissive {
				d.Severity, d.Fatal = "warning", false
			}
			if !slices.Contains(found, d) {
				found = append(found, d)
			}
			return false
		})
	}
	return found
}

// defines reports whether a reference leads to a rule, into packages, or to data of
// which at least the first member is there.
func (s *Set) defines(compiler *ast.Compiler, ref ast.Ref) bool {
	prefix := ref.ConstantPrefix()
	if len(prefix) < 2 {
		return true
	}
	first, ok := prefix[1].Value.(ast.String)
	if _, data := s.Data[string(first)]; !ok || data || first == "conftest" {
		return true
	}
	for _, m := range compiler.Modules {
		p := m.Package.Path
		switch {
		case p.HasPrefix(prefix):
			return true
		case !prefix.HasPrefix(p):
		case len(prefix) == len(p):
			return true
		default:
			name, _ := prefix[len(p)].Value.(ast.String)
			if slices.ContainsFunc(m.Rules, func(r *ast.Rule) bool { return ruleName(r) == string(name) }) {
				return true
			}
		}
	}
	return false
}

// ReadsFile reports whether policies may read data.conftest, directly or through a
// reference that is not known before.
func (s *Set) ReadsFile() bool {
	reads := false
	for _, f := range s.files {
		if f.embedded || isControl(f.module) {
			continue
		}
		ast.WalkRefs(f.module, func(ref ast.Ref) bool {
			if ref[0].Equal(ast.DefaultRootDocument) {
				name, ok := ast.String(""), false
				if len(ref) > 1 {
					name, ok = ref[1].Value.(ast.String)
				}
				reads = reads || !ok || name == "conftest"
			}
			return false
		})
	}
	return reads
}
