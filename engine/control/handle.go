package control

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// Handles returns the members of the subject whose references the control uses for
// nothing but to look facts up and to count them: what such a reference spells neither
// decides nor shows. Only the plain forms are recognised, `some ref in
// input.subject.MEMBER` and `every` alike, where each use of ref is
// input.facts[KIND][ref]; any other use of the member, or of the subject as a whole,
// leaves it out.
func (c *Control) Handles() map[string]bool {
	h := &handles{seen: map[string]int{}, bound: map[string]int{}, spoilt: map[string]bool{}}
	for _, f := range append([]*file{c.file}, c.imported()...) {
		for _, r := range f.parsed().Rules {
			h.rule(r)
		}
		for _, imp := range f.parsed().Imports {
			if p, ok := imp.Path.Value.(ast.Ref); !ok || p.HasPrefix(ast.InputRootRef) {
				return nil
			}
		}
	}
	if h.opaque {
		return nil
	}
	out := map[string]bool{}
	for name, n := range h.seen {
		if n == h.bound[name] && !h.spoilt[name] {
			out[name] = true
		}
	}
	return out
}

type handles struct {
	seen   map[string]int  // occurrences of a member
	bound  map[string]int  // those in a recognised form
	spoilt map[string]bool // members of which a reference is used otherwise
	opaque bool            // the subject is used as a whole
}

func (h *handles) rule(r *ast.Rule) {
	times, allowed := map[ast.Var]int{}, map[ast.Var]int{}
	from := map[ast.Var][]string{}
	bare := 0
	bind := func(v, domain *ast.Term) {
		name, ok := subjectMember(domain)
		variable, isVar := v.Value.(ast.Var)
		if ok && isVar {
			h.bound[name]++
			allowed[variable]++
			from[variable] = append(from[variable], name)
		}
	}
	ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Expr:
			h.opaque = h.opaque || len(x.With) > 0
		case *ast.SomeDecl:
			for _, s := range x.Symbols {
				if call, ok := s.Value.(ast.Call); ok && len(call) == 3 && call[0].Value.Compare(ast.Member.Ref()) == 0 {
					bind(call[1], call[2])
				}
			}
		case *ast.Every:
			if x.Key == nil {
				bind(x.Value, x.Domain)
			}
		case ast.Call:
			h.count(x)
		case ast.Ref:
			h.ref(x, allowed)
			if x[0].Equal(ast.InputRootDocument) {
				bare-- // its head is told apart from input alone
			}
		case ast.Var:
			times[x]++
			if x.Equal(ast.InputRootDocument.Value) {
				bare++
			}
		}
		return false
	}).Walk(r)
	h.opaque = h.opaque || bare != 0
	for v, names := range from {
		if times[v] != allowed[v] {
			for _, name := range names {
				h.spoilt[name] = true
			}
		}
	}
}

// count takes note of count(input.subject.MEMBER).
func (h *handles) count(call ast.Call) {
	if len(call) != 2 || call[0].Value.Compare(ast.Count.Ref()) != 0 {
		return
	}
	if name, ok := subjectMember(call[1]); ok {
		h.bound[name]++
	}
}

func (h *handles) ref(r ast.Ref, allowed map[ast.Var]int) {
	if !r[0].Equal(ast.InputRootDocument) {
		return
	}
	part := func(i int) ast.String {
		if i >= len(r) {
			return ""
		}
		s, _ := r[i].Value.(ast.String)
		return s
	}
	switch part(1) {
	case "subject":
		if name := part(2); name != "" {
			h.seen[string(name)]++
		} else {
			h.opaque = true
		}
	case "facts":
		if v, ok := operand(r); ok && part(2) != "" {
			allowed[v]++
		}
	case "target", "run":
	default:
		h.opaque = true
	}
}

// operand is the variable that stands for the reference in input.facts[KIND][ref].
func operand(r ast.Ref) (ast.Var, bool) {
	if len(r) < 4 {
		return "", false
	}
	v, ok := r[3].Value.(ast.Var)
	return v, ok
}

// subjectMember is the name in input.subject.MEMBER.
func subjectMember(t *ast.Term) (string, bool) {
	r, ok := t.Value.(ast.Ref)
	if !ok || len(r) != 3 || !r[0].Equal(ast.InputRootDocument) || !r[1].Equal(ast.StringTerm("subject")) {
		return "", false
	}
	name, ok := r[2].Value.(ast.String)
	return string(name), ok
}
