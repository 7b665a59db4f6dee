package aws

import (
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Statement is one statement of a policy. Its parts are lists of values, so that
// a part that is only known after apply keeps what it refers to.
type Statement struct {
	// ID is the Sid, or the number in the policy counted from 0.
	ID     string
	Effect Answer[string] // allow or deny
	// Principals of an identity's policy are empty.
	Principals, Actions, Resources Part
	Conditions                     []Condition
	// Opaque is why the statement cannot be read whole; "" if it is.
	Opaque string
	Pos    fact.Position
}

// Part is the principals, actions or resources of a statement.
type Part struct {
	// Values are the elements: known strings, or unknown values.
	Values []*terraform.Value
	// Negated is true of NotPrincipal, NotAction and NotResource: everything but
	// the values.
	Negated bool
	// Opaque is why there may be more; "" if there are no more.
	Opaque string
	Pos    fact.Position
}

// Condition is one key of a condition block.
type Condition struct {
	Operator, Key string
	Values        []*terraform.Value
	Opaque        string
}

// Known reports whether every element is a known string.
func (p Part) Known() bool { return p.Reason() == "" }

// Reason is why the part is not known, "" if it is.
func (p Part) Reason() string {
	if p.Opaque != "" {
		return p.Opaque
	}
	for _, v := range p.Values {
		if v.Kind != terraform.String {
			return orElse(v.Reason, "not a string")
		}
	}
	return ""
}

// Any reports whether an element satisfies f, a test for wildcards or a form of
// text. A reference to a resource's ARN or name has no wildcard; text around
// references is tried with a plain word in their places. It is not known only if
// no known element satisfies f and some element is unknown.
func (p Part) Any(f func(string) bool) Answer[bool] {
	out := Declared(false, p.Pos)
	if p.Opaque != "" {
		out = NotKnown[bool](p.Opaque, p.Pos)
	}
	for _, v := range p.Values {
		switch {
		case v.Kind == terraform.String:
			out = Or(out, Declared(f(v.Text), v.Pos))
		case isName(v):
			out = Or(out, around(v, f))
		default:
			out = Or(out, NotKnown[bool](orElse(v.Reason, "not a string"), p.Pos))
		}
	}
	if out.Known() && !out.Value {
		out.Pos = p.Pos
	}
	return out
}

func readStatement(v *terraform.Value, number int) Statement {
	s := Statement{ID: strconv.Itoa(number), Pos: v.Pos, Effect: NotKnown[string]("the statement has no Effect", v.Pos)}
	for _, f := range v.Fields {
		switch f.Name {
		case "Sid":
			if f.Value.Kind == terraform.String && f.Value.Text != "" {
				s.ID = f.Value.Text
			}
		case "Effect":
			s.Effect = effect(Text(v, "", "Effect"))
		case "Action", "NotAction":
			s.Actions.add(f.Value, f.Name == "NotAction")
		case "Resource", "NotResource":
			s.Resources.add(f.Value, f.Name == "NotResource")
		case "Principal", "NotPrincipal":
			s.principals(f.Value, f.Name == "NotPrincipal")
		case "Condition":
			s.conditions(f.Value)
		default:
			s.Opaque = "the statement has a part named " + f.Name
		}
	}
	return s
}

func effect(a Answer[string]) Answer[string] {
	if a.Known() && a.Value != "Allow" && a.Value != "Deny" {
		return NotKnown[string](a.Value+" is not an effect", a.Pos)
	}
	return lower(a)
}

// add takes one value or a list.
func (p *Part) add(v *terraform.Value, negated bool) {
	if len(p.Values) > 0 && p.Negated != negated {
		p.Opaque = "the part is written both plainly and negated"
	}
	p.Negated, p.Pos = p.Negated || negated, v.Pos
	switch v.Kind {
	case terraform.List:
		p.Values = append(p.Values, v.Elems...)
	case terraform.Absent, terraform.Null:
	case terraform.String, terraform.Unknown:
		p.Values = append(p.Values, v)
	default:
		p.Opaque = "the part is neither a string nor a list"
	}
}

// principals reads "*" or {"AWS": …, "Service": …}. {"AWS": "*"} is everyone as
// "*" is; a canonical user and a federated provider keep their own names.
func (s *Statement) principals(v *terraform.Value, negated bool) {
	s.Principals.Negated, s.Principals.Pos = negated, v.Pos
	if v.Kind != terraform.Object {
		s.Principals.add(v, negated)
		return
	}
	for _, f := range v.Fields {
		if !slices.Contains([]string{"AWS", "Service", "Federated", "CanonicalUser", "*"}, f.Name) {
			s.Principals.Opaque = "principals of type " + f.Name
		}
		s.Principals.add(f.Value, negated)
	}
}

func (s *Statement) conditions(v *terraform.Value) {
	if v.Unset() {
		return
	}
	if v.Kind != terraform.Object {
		s.Conditions = append(s.Conditions, Condition{Opaque: orElse(v.Reason, "the condition is not an object")})
		return
	}
	for _, operator := range v.Fields {
		if operator.Value.Kind != terraform.Object {
			s.Conditions = append(s.Conditions, Condition{Operator: operator.Name, Opaque: orElse(operator.Value.Reason, "the condition is not an object")})
			continue
		}
		for _, key := range operator.Value.Fields {
			var part Part
			part.add(text(key.Value), false)
			s.Conditions = append(s.Conditions, Condition{Operator: operator.Name, Key: key.Name, Values: part.Values, Opaque: part.Opaque})
		}
	}
	s.sortConditions()
}

func (s *Statement) sortConditions() {
	slices.SortStableFunc(s.Conditions, func(a, b Condition) int {
		if c := strings.Compare(a.Key, b.Key); c != 0 {
			return c
		}
		return strings.Compare(a.Operator, b.Operator)
	})
}

// text turns a boolean or number, which a condition may hold, into a string.
func text(v *terraform.Value) *terraform.Value {
	out := *v
	switch v.Kind {
	case terraform.Bool:
		out.Kind, out.Text = terraform.String, strconv.FormatBool(v.Bool)
	case terraform.Number:
		out.Kind, out.Text = terraform.String, v.Number
	case terraform.List:
		out.Elems = nil
		for _, e := range v.Elems {
			out.Elems = append(out.Elems, text(e))
		}
	}
	return &out
}
