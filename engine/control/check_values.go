package control

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// comparisons checks constants against what they are compared with: null, which
// no rule is asked about, and names that an enumeration does not have.
func (k *check) comparisons() {
	type verdict struct {
		at           *ast.Location
		detail, hint string
		fits         bool
	}
	// A helper may serve several fields: its constant must fit one of them.
	verdicts := map[string]*verdict{}
	var order []string
	for _, n := range k.notes.meets {
		for _, sides := range [][2]value{{n.a, n.b}, {n.b, n.a}} {
			v, constants := sides[0], sides[1].constants
			for _, t := range constants {
				if _, null := t.Value.(ast.Null); null && slices.ContainsFunc(v.places, func(p place) bool { return p[0] == "input" }) {
					k.report(n.at, "comparison with null", "null stands for a value that is not known, and a rule that reads one is not asked: the outcome is unknown",
						"leave the comparison out; what is known to be none has a value of its own")
					continue
				}
				name, ok := t.Value.(ast.String)
				members := k.members(v)
				if !ok || members == nil {
					continue
				}
				at := t.Location
				if at == nil || at.File == "" {
					at = n.at
				}
				if at == nil || at.File != k.control.file.path {
					continue
				}
				key := fmt.Sprintf("%d:%d %s", at.Row, at.Col, t)
				if verdicts[key] == nil {
					verdicts[key] = &verdict{at: at}
					order = append(order, key)
				}
				if slices.Contains(members, string(name)) {
					verdicts[key].fits = true
				}
				verdicts[key].detail = fmt.Sprintf("%s is never %s%s", k.describe(v.places[0]), t, fact.Suggest(string(name), members))
				verdicts[key].hint = "it is one of " + strings.Join(members, ", ")
			}
		}
	}
	for _, key := range order {
		if v := verdicts[key]; !v.fits {
			k.report(v.at, "not in the enumeration", v.detail, v.hint)
		}
	}
}

// members returns the enumeration that a value is of: all that it may be, nil if
// it may be something else.
func (k *check) members(v value) []string {
	if v.computed || v.elements != nil || len(v.constants) > 0 {
		return nil
	}
	var out []string
	for _, p := range v.places {
		schema, _ := k.schema(p)
		enum, ok := schema["enum"].([]any)
		if !ok {
			return nil
		}
		for _, m := range enum {
			if name, ok := m.(string); ok && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// parameters holds that METADATA lists the parameters that the control reads,
// and that there are such.
func (k *check) parameters() {
	c := k.control
	slices.Sort(k.params)
	k.params = slices.Compact(k.params)
	for _, name := range k.params {
		at := k.parameterAt(name)
		if !slices.ContainsFunc(c.params.names(), func(d string) bool { return overlaps(d, name) }) {
			k.report(at, "unknown parameter", fmt.Sprintf("no parameter %q%s", name, fact.Suggest(name, c.params.names())), "parameters are declared in params.yaml")
			continue
		}
		if !slices.ContainsFunc(c.Params, func(listed string) bool { return overlaps(listed, name) }) {
			k.report(at, "parameter is not in METADATA", fmt.Sprintf("the control reads %q, which params does not list", name), fmt.Sprintf("params: [%s]", strings.Join(k.params, ", ")))
		}
	}
	for _, listed := range c.Params {
		at := c.file.metadataAt(listed)
		switch {
		case !slices.ContainsFunc(c.params.names(), func(d string) bool { return overlaps(d, listed) }):
			k.report(at, "unknown parameter", fmt.Sprintf("no parameter %q%s", listed, fact.Suggest(listed, c.params.names())), "parameters are declared in params.yaml")
		case !slices.ContainsFunc(k.params, func(name string) bool { return overlaps(listed, name) }):
			k.report(at, "parameter is not read", fmt.Sprintf("params lists %q, which no rule reads", listed), "")
		}
	}
}

// parameterAt finds where a parameter is read.
func (k *check) parameterAt(name string) *ast.Location {
	for _, n := range k.notes.steps {
		if n.from[0] == "data" && len(n.from) > 1 && strings.Join(n.from.member(n.name)[2:], ".") == name {
			return n.at
		}
	}
	return nil
}

// overlaps reports whether one dotted name is the other, lies below it, or is it
// for some value of a "*".
func overlaps(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] && x[i] != "*" && y[i] != "*" {
			return false
		}
	}
	return true
}

// names lists the declared parameters, those set beside them and the tables.
func (p *Parameters) names() []string {
	all := map[string]bool{}
	for name := range p.declared {
		all[name] = true
	}
	for name := range p.values {
		all[name] = true
	}
	for name := range p.tables {
		all[name] = true
	}
	return slices.Sorted(maps.Keys(all))
}
