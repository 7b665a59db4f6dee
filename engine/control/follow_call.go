package control

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// call follows a call; the last argument may be where its result goes.
func (f *follower) call(s *scope, operator *ast.Term, args []*ast.Term) {
	ref, ok := operator.Value.(ast.Ref)
	if !ok {
		f.lost(operator.Location, "the call cannot be followed")
		return
	}
	rules := f.compiler.GetRulesExact(ref)
	arity := -1
	if len(rules) > 0 {
		arity = len(rules[0].Head.Args)
	} else if b := ast.BuiltinMap[ref.String()]; b != nil {
		arity = len(b.Decl.FuncArgs().Args)
	}
	if arity < 0 || arity > len(args) {
		f.lost(operator.Location, "the call cannot be followed")
		for _, a := range args {
			f.bindAll(s, a)
			f.read(f.term(s, a))
		}
		return
	}
	given := make([]value, arity)
	for i, a := range args[:arity] {
		if open(s, a) {
			f.lost(a.Location, "the argument has no value yet")
			f.bindAll(s, a)
		}
		given[i] = f.term(s, a)
	}
	var result value
	if len(rules) > 0 {
		result = f.apply(ref, rules, given)
	} else {
		result = f.builtin(ref.String(), given)
		if ast.BuiltinMap[ref.String()].Relation {
			s.many = true
		}
	}
	if arity < len(args) {
		f.match(s, args[arity], result)
	} else {
		f.holds(result)
	}
}

// apply follows a function with these arguments, once for equal ones.
func (f *follower) apply(ref ast.Ref, rules []*ast.Rule, args []value) value {
	var b strings.Builder
	b.WriteString(ref.String())
	for _, a := range args {
		b.WriteByte('(')
		a.key(&b)
	}
	key := b.String()
	if v, done := f.calls[key]; done {
		return v
	}
	f.calls[key] = computed // there is no recursion in Rego
	var out value
	for _, rule := range rules {
		out = join(out, f.clause(rule, len(ref), args, alone(rules)))
	}
	f.calls[key] = out
	return out
}

// builtin follows a built-in function: it reads its arguments.
func (f *follower) builtin(name string, args []value) value {
	switch name {
	case ast.Count.Name:
		f.shape(args[0])
		return computed
	case ast.NotEqual.Name, ast.Equal.Name:
		f.compare(args[0], args[1])
		return computed
	case ast.Member.Name:
		f.notes.member(f.at, args[0], args[1])
	case ast.IsNull.Name:
		f.notes.compare(f.at, args[0], constant(ast.NullTerm()))
	}
	for _, a := range args {
		f.read(a)
	}
	switch name {
	case ast.ArrayConcat.Name, ast.Or.Name, ast.And.Name, ast.Minus.Name:
		return f.gathered(args[0], args[1])
	case ast.ArraySlice.Name, ast.ArrayReverse.Name, ast.Sort.Name:
		return f.gathered(args[0])
	}
	return computed
}

// gathered is a collection of elements of the arguments, which have been read
// whole: only where the elements came from still matters.
func (f *follower) gathered(args ...value) value {
	var all value
	for _, a := range args {
		all.computed = all.computed || a.computed
		for _, p := range a.places {
			all = join(all, value{places: []place{p.member("*")}})
		}
		if a.elements != nil {
			all = join(all, *a.elements)
		}
	}
	return collection(all, true)
}

// compare reads both values.
func (f *follower) compare(a, b value) {
	f.notes.compare(f.at, a, b)
	f.read(a)
	f.read(b)
}
