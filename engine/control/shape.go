package control

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// checkRules holds the shape of the sets: each is a partial set. A boolean deny
// that is undefined would undo the query of every control of its kind.
func checkRules(c *Control) []fact.Diagnostic {
	var diagnostics []fact.Diagnostic
	for _, r := range c.file.parsed().Rules {
		name := ruleName(r)
		if !slices.Contains(Sets, name) {
			if twin := caseTwin(name); twin != "" {
				diagnostics = append(diagnostics, c.file.diagnose(r.Location, "misspelt rule",
					fmt.Sprintf("%s is not a set of a control", name), fmt.Sprintf("did you mean %q?", twin)))
			}
			continue
		}
		c.Has[name] = true
		if r.Head.Key == nil || r.Head.Value != nil || len(r.Head.Reference) != 1 || r.Default {
			diagnostics = append(diagnostics, c.file.diagnose(r.Location, name+" is not a set",
				fmt.Sprintf("%s must be a partial set: one entry for each thing that is wrong", name),
				fmt.Sprintf("write %s contains {\"msg\": …} if { … }", name)))
		}
		diagnostics = append(diagnostics, checkEntry(c, name, r.Head.Key)...)
		if r.Else != nil {
			diagnostics = append(diagnostics, c.file.diagnose(r.Else.Location, name+" has an else", "entries of a set have no alternatives", "write a second rule"))
		}
	}
	if !c.Has[Deny] {
		diagnostics = append(diagnostics, c.file.diagnose(c.file.parsed().Package.Location, "no deny rule",
			fmt.Sprintf("%s can never fail", c.ID), "write deny contains {\"msg\": …} if { … }"))
	}
	return diagnostics
}

func ruleName(r *ast.Rule) string {
	if len(r.Head.Reference) > 0 {
		if v, ok := r.Head.Reference[0].Value.(ast.Var); ok {
			return string(v)
		}
	}
	return string(r.Head.Name)
}

// caseTwin finds the set that a name was meant to be: Deny, deny_, notApplicable.
func caseTwin(name string) string {
	flat := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }
	for _, set := range append([]string{"violation"}, Sets...) {
		if flat(name) == flat(set) {
			if set == "violation" {
				return Deny
			}
			return set
		}
	}
	return ""
}

// members of an entry that have a meaning; others become custom evidence.
var members = []string{"msg", "key", "at", "expected", "actual", "severity", "remediation"}

// checkEntry finds misspelt members of a literal entry; what an entry is can in
// general be told only when it is there.
func checkEntry(c *Control, set string, entry *ast.Term) []fact.Diagnostic {
	if entry == nil {
		return nil
	}
	o, ok := entry.Value.(ast.Object)
	if !ok {
		return nil
	}
	var diagnostics []fact.Diagnostic
	o.Foreach(func(k, _ *ast.Term) {
		name, ok := k.Value.(ast.String)
		if !ok || slices.Contains(members, string(name)) {
			return
		}
		if meant := fact.Suggest(string(name), members); meant != "" {
			diagnostics = append(diagnostics, c.file.diagnose(k.Location, "misspelt member",
				fmt.Sprintf("an entry of %s has no member %q%s", set, string(name), meant), "other members become evidence, under names unlike those of an entry"))
		}
	})
	return diagnostics
}
