package control

import (
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// follower finds what a compiled rule reads by following values through locals,
// some, every, comprehensions, rules and functions with their arguments. What it
// cannot follow counts as read whole: a place too many is an unknown that could
// have been decided, a place too few a pass that should not be.
//
// A place is claimed when something looks at it. The last segment [itself]
// claims only what a value is and which members it has, not what is in them.
type follower struct {
	compiler *ast.Compiler
	claims   map[string]place
	notes    *notes // nil unless the control is checked
	rules    map[string]value
	calls    map[string]value
	steps    int
	at       *ast.Location
	// coarse: something was not followed, everything counts as read.
	coarse bool
}

// itself as the last segment of a path stands for the value's type and its set
// of members: a missing value there, or above it, is met, one below it is not.
const itself = "#"

// maxSteps bounds the expressions followed for one rule.
const maxSteps = 20_000

func newFollower(compiler *ast.Compiler, n *notes) *follower {
	return &follower{compiler: compiler, notes: n, claims: map[string]place{}, rules: map[string]value{}, calls: map[string]value{}}
}

// rule follows a rule of a control, with all terms added to its body by [Control.add].
func (f *follower) rule(r *ast.Rule) {
	s := newScope()
	f.body(s, r.Body)
	if r.Head.Key != nil {
		f.read(f.term(s, r.Head.Key))
	}
	for name, v := range s.vars {
		if strings.HasPrefix(string(name), "writ_") {
			f.read(v)
		}
	}
}

func (f *follower) body(s *scope, b ast.Body) {
	for _, e := range b {
		f.expr(s, e)
	}
}

func (f *follower) expr(s *scope, e *ast.Expr) {
	if f.steps++; f.steps > maxSteps {
		f.lost(e.Location, "the rule is too large to be followed")
		return
	}
	if e.Location != nil && e.Location.File != "" {
		f.at = e.Location
	}
	for _, w := range e.With {
		f.coarse = true // whatever is replaced, all may be read
		f.read(f.term(s, w.Value))
		f.notes.with(f.at, w.Target)
	}
	if e.Negated {
		s = s.inner()
	}
	switch t := e.Terms.(type) {
	case *ast.Term:
		f.holds(f.term(s, t))
	case []*ast.Term:
		if e.IsEquality() {
			f.unify(s, t[1], t[2])
		} else {
			f.call(s, t[0], t[1:])
		}
	case *ast.Every:
		inner := s.inner()
		key, element := f.each(inner, f.term(s, t.Domain))
		if t.Key != nil {
			f.match(inner, t.Key, key)
		}
		f.match(inner, t.Value, element)
		f.body(inner, t.Body)
	default:
		f.lost(e.Location, "the expression cannot be followed")
		ast.WalkVars(e, func(v ast.Var) bool {
			if _, bound := s.lookup(v); !bound {
				s.bind(v, computed)
			}
			return false
		})
	}
}

// lost gives up exactness.
func (f *follower) lost(at *ast.Location, why string) {
	f.coarse = true
	f.notes.lost(at, why)
}

// unify follows a = b, which binds or compares.
func (f *follower) unify(s *scope, a, b *ast.Term) {
	if x, ok := a.Value.(*ast.Array); ok {
		if y, ok := b.Value.(*ast.Array); ok && x.Len() == y.Len() {
			for i := range x.Len() {
				f.unify(s, x.Elem(i), y.Elem(i))
			}
			return
		}
	}
	openA, openB := open(s, a), open(s, b)
	switch {
	case openA && openB:
		f.bindAll(s, a)
		f.bindAll(s, b)
		f.read(f.term(s, a))
		f.read(f.term(s, b))
		f.lost(a.Location, "both sides of the unification hold variables without a value")
	case openA:
		f.match(s, a, f.term(s, b))
	case openB:
		f.match(s, b, f.term(s, a))
	default:
		f.compare(f.term(s, a), f.term(s, b))
	}
}

// open reports whether a term is a pattern: a variable without a value, or a
// literal that holds one.
func open(s *scope, t *ast.Term) bool {
	found := false
	switch v := t.Value.(type) {
	case ast.Var:
		_, bound := s.lookup(v)
		return !bound && v != "input" && v != "data"
	case *ast.Array:
		v.Foreach(func(e *ast.Term) { found = found || open(s, e) })
	case ast.Object:
		v.Foreach(func(k, e *ast.Term) { found = found || open(s, k) || open(s, e) })
	case ast.Set:
		v.Foreach(func(e *ast.Term) { found = found || open(s, e) })
	}
	return found
}

// bindAll gives a value to the unbound variables of a pattern that is not followed.
func (f *follower) bindAll(s *scope, t *ast.Term) {
	switch v := t.Value.(type) {
	case ast.Var:
		if _, bound := s.lookup(v); !bound {
			s.bind(v, computed)
		}
	case *ast.Array:
		v.Foreach(func(e *ast.Term) { f.bindAll(s, e) })
	case ast.Object:
		v.Foreach(func(k, e *ast.Term) { f.bindAll(s, k); f.bindAll(s, e) })
	case ast.Set:
		v.Foreach(func(e *ast.Term) { f.bindAll(s, e) })
	}
}

// match follows a pattern that meets a value.
func (f *follower) match(s *scope, t *ast.Term, v value) {
	if !open(s, t) {
		f.compare(f.term(s, t), v)
		return
	}
	switch p := t.Value.(type) {
	case ast.Var:
		s.bind(p, v)
	case *ast.Array:
		f.shape(v)
		for i := range p.Len() {
			f.match(s, p.Elem(i), f.step(v, ast.IntNumberTerm(i), strconv.Itoa(i)))
		}
	case ast.Object:
		f.shape(v)
		p.Foreach(func(k, e *ast.Term) {
			if name, ok := k.Value.(ast.String); ok {
				f.match(s, e, f.step(v, k, string(name)))
				return
			}
			f.read(v)
			f.bindAll(s, k)
			f.read(f.term(s, k))
			f.match(s, e, computed)
		})
	default:
		f.read(v)
		f.bindAll(s, t)
		f.read(f.term(s, t))
		f.lost(t.Location, "the pattern cannot be followed")
	}
}

// term returns the value of a term. Variables in its references that have no
// value yet are bound: they iterate.
func (f *follower) term(s *scope, t *ast.Term) value {
	switch v := t.Value.(type) {
	case ast.Var:
		if bound, ok := s.lookup(v); ok {
			return bound
		}
		return f.ref(s, ast.Ref{t})
	case ast.Ref:
		return f.ref(s, v)
	case *ast.Array:
		var all value
		v.Foreach(func(e *ast.Term) { all = join(all, f.term(s, e)) })
		return collection(all, false)
	case ast.Set:
		var all value
		v.Foreach(func(e *ast.Term) { all = join(all, f.term(s, e)) })
		return collection(all, true)
	case ast.Object:
		var all value
		v.Foreach(func(k, e *ast.Term) {
			f.read(f.term(s, k))
			all = join(all, f.term(s, e))
		})
		return collection(all, false)
	case *ast.ArrayComprehension:
		inner := s.inner()
		inner.counts = true
		f.body(inner, v.Body)
		return collection(f.term(inner, v.Term), false)
	case *ast.SetComprehension:
		inner := s.inner()
		inner.counts = false
		f.body(inner, v.Body)
		return collection(f.term(inner, v.Term), true)
	case *ast.ObjectComprehension:
		inner := s.inner()
		inner.counts = false
		f.body(inner, v.Body)
		// Two values of one key are compared.
		element := f.term(inner, v.Value)
		f.read(f.term(inner, v.Key))
		f.read(element)
		return collection(element, false)
	case ast.Null, ast.Boolean, ast.Number, ast.String:
		return constant(t)
	}
	f.lost(t.Location, "the term cannot be followed")
	return computed
}
