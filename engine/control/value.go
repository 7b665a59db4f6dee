package control

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// place is a way into what a rule is given, from its root: input/subject/tls,
// input/facts/register.port/*/purpose, data/params/log. "*" is any member.
type place []string

func (p place) member(name string) place { return append(slices.Clone(p), name) }

// value is what is known of a term without evaluating it: where it may have come
// from. A value is not read by being named, passed or selected from, only by an
// operation that looks at it, so what a rule carries along unread stays unread.
type value struct {
	places    []place     // it may be what stands there
	constants []*ast.Term // it may be one of these scalars
	elements  *value      // it may be a collection made by a rule, with such elements
	set       bool        // the collection may be a set, which drops equal elements
	computed  bool        // it may be something else
}

var computed = value{computed: true}

func constant(t *ast.Term) value { return value{constants: []*ast.Term{t}} }

func collection(elements value, set bool) value { return value{elements: &elements, set: set} }

// join is either of two values.
func join(a, b value) value {
	out := value{places: slices.Clone(a.places), constants: slices.Clone(a.constants), set: a.set || b.set, computed: a.computed || b.computed}
	for _, p := range b.places {
		if !slices.ContainsFunc(out.places, func(q place) bool { return slices.Equal(p, q) }) {
			out.places = append(out.places, p)
		}
	}
	for _, c := range b.constants {
		if !slices.ContainsFunc(out.constants, c.Equal) {
			out.constants = append(out.constants, c)
		}
	}
	switch {
	case a.elements == nil:
		out.elements = b.elements
	case b.elements == nil:
		out.elements = a.elements
	default:
		both := join(*a.elements, *b.elements)
		out.elements = &both
	}
	return out
}

// onlyConstants reports whether the value is one of its constants.
func (v value) onlyConstants() bool {
	return len(v.constants) > 0 && len(v.places) == 0 && v.elements == nil && !v.computed
}

// key tells values apart.
func (v value) key(b *strings.Builder) {
	for _, p := range v.places {
		for _, s := range p {
			b.WriteString(s)
			b.WriteByte(0)
		}
		b.WriteByte(1)
	}
	for _, c := range v.constants {
		b.WriteString(c.String())
		b.WriteByte(2)
	}
	if v.elements != nil {
		b.WriteByte('[')
		v.elements.key(b)
		b.WriteByte(']')
	}
	if v.set {
		b.WriteByte('s')
	}
	if v.computed {
		b.WriteByte('c')
	}
}

// scope holds the variables that are bound while a body is followed, in the order
// in which the evaluator binds them: the compiler has put expressions into it.
type scope struct {
	up   *scope
	vars map[ast.Var]value
	// counts: equal elements of a set would be told apart from one, as in the body
	// of an array comprehension.
	counts bool
	// many: the body may hold in more than one way.
	many bool
}

func newScope() *scope { return &scope{vars: map[ast.Var]value{}} }

func (s *scope) inner() *scope { return &scope{up: s, vars: map[ast.Var]value{}, counts: s.counts} }

func (s *scope) lookup(name ast.Var) (value, bool) {
	for ; s != nil; s = s.up {
		if v, ok := s.vars[name]; ok {
			return v, true
		}
	}
	return value{}, false
}

func (s *scope) bind(name ast.Var, v value) { s.vars[name] = v }
