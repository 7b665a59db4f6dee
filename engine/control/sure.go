package control

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/fact"
)

// unsure returns the parts of an entry that may have no value although the body
// of its clause holds, so that there is no entry: a helper that is undefined, a
// member that is not there. What they read decides with the body whether there is
// one. Sure are literals, locals of the body, members of facts whose kinds state
// all of them, parameters, comprehensions, and built-ins that always answer.
func (c *Control) unsure(entry *ast.Term) []*ast.Term {
	s := surety{rules: map[ast.Var]bool{}, closed: c.closed()}
	for _, r := range c.file.parsed().Rules {
		s.rules[ast.Var(ruleName(r))] = true
	}
	for _, i := range c.file.parsed().Imports {
		s.rules[i.Name()] = true
	}
	s.term(entry)
	return s.found
}

type surety struct {
	rules  map[ast.Var]bool // names of rules and of imports
	closed bool
	found  []*ast.Term
}

func (s *surety) term(t *ast.Term) {
	switch v := t.Value.(type) {
	case ast.Null, ast.Boolean, ast.Number, ast.String, *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
		return
	case ast.Var:
		if !s.rules[v] {
			return
		}
	case ast.Ref:
		if s.ref(v) {
			return
		}
	case *ast.Array:
		v.Foreach(s.term)
		return
	case ast.Set:
		v.Foreach(s.term)
		return
	case ast.Object:
		v.Foreach(func(k, m *ast.Term) { s.term(k); s.term(m) })
		return
	case ast.Call:
		if slices.Contains(answering, v[0].String()) {
			for _, argument := range v[1:] {
				s.term(argument)
			}
			return
		}
	}
	s.found = append(s.found, t)
}

// answering are built-ins that have a value or fail.
var answering = []string{"sprintf", "concat", "count", "lower", "upper", "sort", "trim", "trim_space", "plus", "minus", "mul", "floor", "ceil", "round", "abs", "array.slice", "array.concat"}

// ref reports whether a reference always has a value.
func (s *surety) ref(r ast.Ref) bool {
	for _, segment := range r[1:] {
		if _, ok := segment.Value.(ast.String); !ok {
			return false
		}
	}
	head, ok := r[0].Value.(ast.Var)
	switch {
	case !ok || s.rules[head]:
		return false
	case r[0].Equal(ast.DefaultRootDocument):
		return r.HasPrefix(ast.Ref{ast.DefaultRootDocument, ast.StringTerm("params")})
	}
	return s.closed
}

// closed reports whether the kinds that a control reads state every member.
func (c *Control) closed() bool {
	for _, kind := range append(c.Kinds(), c.Subject) {
		k := fact.LookupKind(kind)
		if k == nil || !stated(k.TypeSchema()) {
			return false
		}
	}
	return true
}

// stated reports whether a schema says of every value what it is.
func stated(schema any) bool {
	s, ok := schema.(map[string]any)
	if !ok {
		return false
	}
	properties, _ := s["properties"].(map[string]any)
	for _, p := range properties {
		if !stated(p) {
			return false
		}
	}
	switch s["type"] {
	case "object":
		return properties != nil && s["additionalProperties"] == false
	case "array":
		return stated(s["items"])
	}
	return s["type"] != nil || s["enum"] != nil
}
