package control

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// ref follows a reference from its head.
func (f *follower) ref(s *scope, r ast.Ref) value {
	var v value
	if name, ok := r[0].Value.(ast.Var); ok {
		bound, isBound := s.lookup(name)
		switch {
		case isBound:
			v = bound
		case name == "input":
			v = value{places: []place{{"input"}}}
		case name == "data":
			return f.data(s, r)
		default:
			f.lost(r[0].Location, "the variable has no value yet")
			v = computed
		}
	} else {
		v = f.term(s, r[0])
	}
	return f.along(s, v, r[1:])
}

func (f *follower) along(s *scope, v value, operands []*ast.Term) value {
	for _, t := range operands {
		v = f.into(s, v, t)
	}
	return v
}

// into selects a member, or iterates if the operand has no value yet.
func (f *follower) into(s *scope, v value, operand *ast.Term) value {
	if at := operand.Location; at != nil && at.File != "" {
		f.at = at
	}
	switch k := operand.Value.(type) {
	case ast.String:
		return f.step(v, operand, string(k))
	case ast.Number, ast.Boolean, ast.Null:
		return f.step(v, operand, operand.String())
	}
	if !open(s, operand) {
		return f.choose(v, f.term(s, operand))
	}
	s.many = true
	key, element := f.each(s, v)
	if name, ok := operand.Value.(ast.Var); ok {
		s.bind(name, key)
	} else {
		f.match(s, operand, key) // a pattern that elements of a set meet
	}
	return element
}

// step selects the member of a known name.
func (f *follower) step(v value, operand *ast.Term, name string) value {
	out := value{computed: v.computed}
	for _, p := range v.places {
		f.claim(p.member(itself))
		f.notes.step(f.at, p, name)
		if isKind(p) {
			f.notes.lookup(f.at, p[2], constant(operand))
		}
		out.places = append(out.places, p.member(name))
	}
	return f.inside(v, out)
}

// choose selects a member by a value.
func (f *follower) choose(v, key value) value {
	f.read(key)
	if key.onlyConstants() {
		var out value
		for _, c := range key.constants {
			name, ok := c.Value.(ast.String)
			if !ok {
				name = ast.String(c.String())
			}
			out = join(out, f.step(v, c, string(name)))
		}
		return out
	}
	out := value{computed: v.computed}
	for _, p := range v.places {
		f.claim(p.member(itself))
		if isKind(p) {
			f.notes.lookup(f.at, p[2], key)
		} else {
			f.notes.step(f.at, p, "*")
		}
		out.places = append(out.places, p.member("*"))
	}
	return f.inside(v, out)
}

// inside adds the elements of a collection made by a rule. To select from a set
// is to compare with its elements.
func (f *follower) inside(v, out value) value {
	if v.elements == nil {
		return out
	}
	if v.set {
		f.read(*v.elements)
	}
	return join(out, *v.elements)
}

// each iterates: the key and the element.
func (f *follower) each(s *scope, v value) (key, element value) {
	key, element = computed, value{computed: v.computed}
	for _, p := range v.places {
		f.claim(p.member(itself))
		f.notes.each(f.at, p)
		element.places = append(element.places, p.member("*"))
	}
	if v.elements != nil {
		element = join(element, *v.elements)
		if v.set {
			key = join(key, *v.elements)
			if s.counts {
				f.read(*v.elements)
			}
		}
		if len(v.places) == 0 && v.set {
			key.computed = v.computed || v.elements.computed
		}
	}
	return key, element
}

// data follows a reference to parameters or rules.
func (f *follower) data(s *scope, r ast.Ref) value {
	if len(r) > 1 && r[1].Equal(ast.StringTerm("params")) {
		return f.along(s, value{places: []place{{"data", "params"}}}, r[2:])
	}
	node := f.compiler.RuleTree.Child(r[0].Value)
	for n := 1; n < len(r) && node != nil && ast.IsConstant(r[n].Value); n++ {
		node = node.Child(r[n].Value)
		if node == nil || len(node.Values) == 0 {
			continue
		}
		if len(node.Children) > 0 {
			break // p[k] beside p.x
		}
		return f.along(s, f.document(r[:n+1], node.Values), r[n+1:])
	}
	// A part of the tree of rules: all that may be meant are read whole.
	rules := f.compiler.GetRulesDynamicWithOpts(r, ast.RulesOptions{IncludeHiddenModules: true})
	if len(rules) == 0 {
		f.notes.nothing(f.at, r)
	}
	for _, rule := range rules {
		f.read(f.document(rule.Ref().GroundPrefix(), f.compiler.GetRulesExact(rule.Ref().GroundPrefix())))
	}
	if len(r) == 1 || !ast.IsConstant(r[1].Value) {
		f.read(value{places: []place{{"data", "params"}}})
	}
	for _, t := range r[1:] {
		f.bindAll(s, t)
		f.read(f.term(s, t))
	}
	s.many = true
	return computed
}

// document returns the value of the rules that stand at a reference, functions
// aside.
func (f *follower) document(ref ast.Ref, rules []*ast.Rule) value {
	name := ref.String()
	if v, done := f.rules[name]; done {
		return v
	}
	f.rules[name] = computed
	var out value
	for _, rule := range rules {
		if len(rule.Head.Args) == 0 {
			out = join(out, f.clause(rule, len(ref), nil, alone(rules)))
		}
	}
	f.rules[name] = out
	return out
}

// alone reports whether a document has one clause besides its default: then no
// two clauses' values are compared.
func alone(rules []*ast.Rule) bool {
	n := 0
	for _, r := range rules {
		if !r.Default {
			n++
		}
	}
	return n < 2
}

// clause follows one clause with its else branches. Depth is the length of the
// reference at which it stands.
func (f *follower) clause(rule *ast.Rule, depth int, args []value, alone bool) value {
	defer func(at *ast.Location) { f.at = at }(f.at)
	var out value
	for r := rule; r != nil; r = r.Else {
		s := newScope()
		for i, a := range r.Head.Args {
			f.match(s, a, args[i])
		}
		f.body(s, r.Body)
		if r.Head.RuleKind() == ast.MultiValue {
			out = join(out, f.below(s, rule, depth, collection(f.term(s, r.Head.Key), true)))
			continue
		}
		v := constant(ast.BooleanTerm(true))
		if r.Head.Value != nil {
			v = f.term(s, r.Head.Value)
		}
		if s.many || !alone {
			f.read(v) // several values are compared: they must agree
		}
		out = join(out, f.below(s, rule, depth, v))
	}
	return out
}

// below wraps the value of a rule whose head has variables, p[k][l] := v.
func (f *follower) below(s *scope, rule *ast.Rule, depth int, v value) value {
	ref := rule.Ref()
	for i := len(ref) - 1; i >= depth; i-- {
		f.read(f.term(s, ref[i]))
		f.read(v)
		v = collection(v, false)
	}
	return v
}

// isKind: input/facts/KIND, whose members are looked up by reference.
func isKind(p place) bool { return len(p) == 3 && p[0] == "input" && p[1] == "facts" }

// read claims all of a value.
func (f *follower) read(v value) {
	for _, p := range v.places {
		f.notes.whole(f.at, p)
		f.claim(p)
	}
	if v.elements != nil {
		f.read(*v.elements)
	}
}

// holds claims that a value is there and not false.
func (f *follower) holds(v value) {
	for _, p := range v.places {
		f.claim(p.member(itself))
	}
}

// shape claims what a value is and its members, not what is in them. How many
// elements a set has depends on which are equal.
func (f *follower) shape(v value) {
	f.holds(v)
	if v.elements != nil && v.set {
		f.read(*v.elements)
	}
}

func (f *follower) claim(p place) {
	key := strings.Join(p, "\x00")
	if _, ok := f.claims[key]; !ok {
		f.claims[key] = p
	}
}
