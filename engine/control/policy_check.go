package control

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// policyCheck finds the rules of conftest policies that would never find anything.
type policyCheck struct {
	set   *Set
	used  map[string]bool // names that any policy refers to
	found []fact.Diagnostic
}

func (k *policyCheck) report(f *file, at *ast.Location, summary, detail, hint string) {
	k.found = append(k.found, f.diagnose(at, summary, detail, hint))
}

// uses notes the names that rules of a file refer to.
func (k *policyCheck) uses(f *file) {
	note := func(t *ast.Term) {
		switch v := t.Value.(type) {
		case ast.Var:
			k.used[string(v)] = true
		case ast.String:
			k.used[string(v)] = true
		}
	}
	look := ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Head: // defines its name, and refers to what its terms name
			for _, t := range []*ast.Term{x.Key, x.Value} {
				if t != nil {
					ast.WalkTerms(t, func(t *ast.Term) bool { note(t); return false })
				}
			}
			return true
		case *ast.Term:
			note(x)
		}
		return false
	})
	for _, r := range f.module.Rules {
		look.Walk(r)
	}
}

// file takes the rules of a file that are asked, and reports those that are not.
func (k *policyCheck) file(p *Policy, f *file) {
	pack := packageAnnotations(f.module)
	k.meantAsControl(f)
	for _, r := range f.module.Rules {
		name := ruleName(r)
		switch {
		case len(r.Head.Args) > 0: // a function, which others call
		case name == "exception":
			if p.ExceptionPos.Line == 0 {
				p.ExceptionPos = fact.Position{Source: f.path, Line: r.Location.Row, Column: r.Location.Col}
			}
		case !asked(name):
			k.odd(p, f, r, name)
		case k.misshapen(p, f, r, name):
		default:
			i := slices.IndexFunc(p.Rules, func(o *PolicyRule) bool { return o.Name == name })
			if i < 0 {
				i = len(p.Rules)
				p.Rules = append(p.Rules, newPolicyRule(p.Namespace, name, f, r))
			}
			if pack != nil {
				p.Rules[i].describe(pack)
			}
			p.Rules[i].define(r)
		}
	}
}

// meantAsControl refuses a policy that reads what only controls are given: asked about
// a file it would never find anything.
func (k *policyCheck) meantAsControl(f *file) {
	done := false
	ast.WalkRefs(f.module, func(ref ast.Ref) bool {
		if done || len(ref) < 3 || !ref[0].Equal(ast.InputRootDocument) {
			return done
		}
		if name, _ := ref[1].Value.(ast.String); name == "subject" || name == "facts" {
			done = true
			k.report(f, ref[0].Location, "no subject", fmt.Sprintf("the rule reads input.%s, but METADATA of %s names no subject, so that its input is the file as a whole", string(name), namespace(f.module)),
				"add METADATA with custom.subject to make it a control")
		}
		return done
	})
}

// odd reports a rule that has almost the name of one that is asked.
func (k *policyCheck) odd(p *Policy, f *file, r *ast.Rule, name string) {
	set := r.Head.RuleKind() == ast.MultiValue
	if !beginsLike.MatchString(name) && !(set && reachesFor.MatchString(name) && !k.used[name]) {
		return
	}
	hint := "the names that are asked are deny, violation and warn, with parts of letters and digits behind single underscores: deny_public_bucket"
	if better := askedName(name); better != "" {
		hint = fmt.Sprintf("call it %s", better)
	}
	k.report(f, r.Location, "rule that nothing asks", fmt.Sprintf("%s.%s is no name of a rule that is asked", p.Namespace, name), hint)
}

// askedName is the name that is asked and most like another, "" if none is.
func askedName(name string) string {
	for _, prefix := range []string{"violation", "deny", "warn"} {
		if len(name) < len(prefix) || !strings.EqualFold(name[:len(prefix)], prefix) {
			continue
		}
		better := prefix
		for _, part := range strings.Split(name[len(prefix):], "_") {
			if part != "" {
				better += "_" + strings.ToLower(part[:1]) + part[1:]
			}
		}
		if asked(better) {
			return better
		}
	}
	return ""
}

// misshapen reports a rule whose name is asked but whose value holds no findings.
func (k *policyCheck) misshapen(p *Policy, f *file, r *ast.Rule, name string) bool {
	id := p.Namespace + "." + name
	hint := fmt.Sprintf("write %s contains \"what is wrong\" if { … }", name)
	head := r.Head
	switch {
	case r.Default:
		k.report(f, r.Location, name+" is not a set", fmt.Sprintf("%s has a default, which no finding can be read from", id), hint)
	case len(head.Reference) > 1 && head.RuleKind() == ast.MultiValue:
		k.report(f, r.Location, "rule that nothing asks", fmt.Sprintf("%s is a set below %s, and only %s itself is asked", strings.TrimPrefix(head.Reference.String(), "data."), id, name), hint)
	case len(head.Reference) > 1:
		k.report(f, r.Location, name+" is not a set", fmt.Sprintf("%s is an object of names and values, of which none is a finding", id), hint)
	case head.RuleKind() == ast.MultiValue:
		return false
	default:
		what := ""
		switch v := head.Value; v.Value.(type) {
		case ast.Boolean:
			what = "a boolean"
		case ast.String:
			what = "a string"
		case ast.Number:
			what = "a number"
		case ast.Null:
			what = "null"
		case ast.Object, *ast.ObjectComprehension:
			what = "an object"
		}
		if what == "" { // an array or a set, or told when it is there
			return false
		}
		k.report(f, r.Location, name+" is not a set", fmt.Sprintf("%s is %s, which no finding can be read from", id, what), hint)
	}
	return true
}

// twins reports rules of which conftest asks only the first, since it compares names
// without case.
func (k *policyCheck) twins(p *Policy) {
	for i, r := range p.Rules {
		for _, first := range p.Rules[:i] {
			if strings.EqualFold(r.Name, first.Name) {
				f := p.files[slices.IndexFunc(p.files, func(f *file) bool { return f.path == r.Pos.Source })]
				k.report(f, r.at, "names that differ in case only", fmt.Sprintf("%s and %s are one to conftest, which asks only one of them", first.ID, r.ID), "give one of them another name")
			}
		}
	}
}

// neverAsked reports the policies below a chosen namespace that are not chosen.
func (k *policyCheck) neverAsked(all, chosen []*Policy) {
	for _, p := range all {
		i := slices.IndexFunc(chosen, func(c *Policy) bool { return strings.HasPrefix(p.Namespace, c.Namespace+".") })
		if i < 0 || slices.Contains(chosen, p) || len(p.Rules) == 0 {
			continue
		}
		first := p.Rules[0]
		f := p.files[slices.IndexFunc(p.files, func(f *file) bool { return f.path == first.Pos.Source })]
		k.report(f, first.at, "rule that nothing asks", fmt.Sprintf("%s is in a package below %s, and --namespace does not choose it", first.ID, chosen[i].Namespace),
			fmt.Sprintf("add --namespace %s, or leave --namespace out to ask all packages", p.Namespace))
	}
}
