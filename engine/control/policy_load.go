package control

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// readPolicies finds the conftest policies among the files that are no controls. What
// conftest would pass over in silence is a diagnostic, and not asked.
func (s *Set) readPolicies(opts Options) []fact.Diagnostic {
	byName := map[string]*Policy{}
	var all []*Policy
	for _, f := range s.files {
		if f.embedded || isControl(f.module) || !hasRules(f.module) || len(almostControl(f)) > 0 {
			continue // an almost control is reported as one
		}
		name := namespace(f.module)
		if byName[name] == nil {
			byName[name] = &Policy{Namespace: name, path: f.module.Package.Path}
			all = append(all, byName[name])
		}
	}
	k := &policyCheck{set: s, used: map[string]bool{}}
	for _, f := range s.files {
		if f.embedded || isControl(f.module) {
			continue
		}
		if p := byName[namespace(f.module)]; p != nil {
			f.policy = p
			p.files = append(p.files, f)
			k.uses(f)
		}
	}
	for _, p := range all {
		for _, f := range p.files {
			k.file(p, f)
		}
		k.twins(p)
		p.Excepts = s.mayExcept(p)
	}
	chosen, problems := chooseNamespaces(all, opts.Namespaces)
	k.neverAsked(all, chosen)
	s.Policies = slices.DeleteFunc(chosen, func(p *Policy) bool { return len(p.Rules) == 0 })
	if opts.Permissive {
		for i := range k.found {
			k.found[i].Severity, k.found[i].Fatal = "warning", false
		}
	}
	return append(k.found, problems...)
}

func namespace(m *ast.Module) string { return strings.TrimPrefix(m.Package.Path.String(), "data.") }

// hasRules reports whether a module has rules that are asked, or that look as if they
// were.
func hasRules(m *ast.Module) bool {
	return slices.ContainsFunc(m.Rules, func(r *ast.Rule) bool {
		name := ruleName(r)
		return len(r.Head.Args) == 0 && (asked(name) || beginsLike.MatchString(name) || reachesFor.MatchString(name) && r.Head.RuleKind() == ast.MultiValue)
	})
}

// mayExcept reports whether anything may define data.NAMESPACE.exception.
func (s *Set) mayExcept(p *Policy) bool {
	at := p.path.Append(ast.StringTerm("exception"))
	return slices.ContainsFunc(s.files, func(f *file) bool {
		if f.known != nil {
			return false // a control's package is below another root
		}
		own := f.module.Package.Path
		return own.HasPrefix(at) || slices.ContainsFunc(f.module.Rules, func(r *ast.Rule) bool {
			ref := own.Append(ast.StringTerm(ruleName(r)))
			return ref.HasPrefix(at) || at.HasPrefix(ref)
		})
	}) || has(s.Data, p.Namespace)
}

// has reports whether data has something below a namespace.
func has(data map[string]any, namespace string) bool {
	_, ok := data[strings.SplitN(namespace, ".", 2)[0]]
	return ok
}

// chooseNamespaces takes the policies whose namespace a pattern matches: all without
// one. A pattern that matches nothing is an error: a typo must not make a gate green.
func chooseNamespaces(all []*Policy, patterns []string) ([]*Policy, []fact.Diagnostic) {
	if len(patterns) == 0 {
		return slices.Clone(all), nil
	}
	var names []string
	for _, p := range all {
		names = append(names, p.Namespace)
	}
	taken := map[*Policy]bool{}
	var diagnostics []fact.Diagnostic
	for _, pattern := range patterns {
		hit := false
		for _, p := range all {
			if ok, _ := path.Match(pattern, p.Namespace); ok {
				taken[p], hit = true, true
			}
		}
		if !hit {
			hint := "no policy has rules that are asked"
			if len(names) > 0 {
				hint = "the namespaces are " + strings.Join(names, ", ")
			}
			diagnostics = append(diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "namespace matches nothing",
				Detail: fmt.Sprintf("no policy is in the namespace %q%s", pattern, fact.Suggest(pattern, names)), Hint: hint})
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(p *Policy) bool { return !taken[p] }), diagnostics
}
