package engine

import (
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/dependencies"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// A finding's place needs no work by the author. Where a rule has entries, its body is
// asked once more, as a query of which the first result for each entry is a witness:
// what the variables were when the body held. A value taken from the document is the
// very term that stands there, so the variable knows its place; and every reference of
// the body, with the variables put in, is a path into the document.

// witness is where an entry comes from.
type witness struct {
	at   []string   // the path to look at first
	read [][]string // all that was read, each once
}

type lazyQuery struct {
	once  sync.Once
	query *compiled
	err   error
}

func (l *lazyQuery) get(make func() (*compiled, error)) (*compiled, error) {
	l.once.Do(func() { l.query, l.err = make() })
	return l.query, l.err
}

type lazyProofs struct {
	once   sync.Once
	proofs []*proof // of the definitions
}

type lazyPaths struct {
	once  sync.Once
	paths [][]string
}

// proof is the query of one definition of a rule: its compiled body, and its key.
type proof struct {
	query *compiled
	parts []part
}

// part is a reference in a definition's body; a variable is one, too.
type part struct {
	ref     ast.Ref
	decides bool // stands in a condition
	each    bool // stands where values are gone through
}

// maxWitnesses bounds how many results of a body are looked at.
const maxWitnesses = 10_000

// newProof makes the query of a definition; nil if it adds no entry to a set.
func newProof(r *ast.Rule) *proof {
	if r.Head.Key == nil || r.Else != nil {
		return nil
	}
	last := ast.Equality.Expr(ast.NewTerm(answerVar), r.Head.Key)
	last.Index = len(r.Body) // where evaluation is; the others are the compiler's, and stay as they are
	pr := &proof{query: &compiled{body: append(slices.Clip(r.Body), last)}}
	conditions := conditions(r.Body)
	for _, e := range pr.query.body {
		if len(e.With) == 0 { // else it speaks of another document
			pr.add(e, conditions[e.BaseCogeneratedExpr()])
		}
	}
	return pr
}

// conditions are the expressions of a compiled body that give no variable its value. Of
// what the compiler made of one the expression itself counts.
func conditions(body ast.Body) map[*ast.Expr]bool {
	out := map[*ast.Expr]bool{}
	known := map[ast.Var]bool{}
	for _, e := range body {
		base := e.BaseCogeneratedExpr() == e
		switch {
		case !base:
		case e.IsEquality() && !e.Negated:
			out[e] = !isNew(e.Operand(0), known) && !isNew(e.Operand(1), known)
		default:
			out[e] = e.Negated || !e.Generated
		}
		ast.WalkVars(e, func(v ast.Var) bool { known[v] = true; return false })
	}
	return out
}

// isNew reports whether a term is a variable that was not met before.
func isNew(t *ast.Term, known map[ast.Var]bool) bool {
	v, ok := t.Value.(ast.Var)
	return ok && !known[v]
}

func isVar(t *ast.Term) bool {
	if t == nil {
		return false
	}
	_, ok := t.Value.(ast.Var)
	return ok
}

// add notes the references of an expression, those of nested bodies too.
func (pr *proof) add(x any, decides bool) {
	ast.NewGenericVisitor(func(x any) bool {
		t, ok := x.(*ast.Term)
		if !ok {
			return false
		}
		switch v := t.Value.(type) {
		case ast.Var:
			pr.parts = append(pr.parts, part{ref: ast.Ref{t}, decides: decides})
		case ast.Ref:
			pr.parts = append(pr.parts, part{ref: v, decides: decides, each: slices.ContainsFunc(v[1:], isVar)})
			return true
		}
		return false
	}).Walk(x)
}

// prove finds a witness for each entry of a rule.
func (a *rawAsker) prove(s *space, rule int, d *rawDocument, entries []*rawEntry) []*witness {
	out := make([]*witness, len(entries))
	left := len(entries)
	l := &s.proofs[rule]
	l.once.Do(func() {
		for _, r := range a.p.compiler.GetRulesExact(s.policy.Ref(s.policy.Rules[rule].Name)) {
			if p := newProof(r); p != nil {
				l.proofs = append(l.proofs, p)
			}
		}
	})
	for _, p := range l.proofs {
		if left == 0 {
			break
		}
		seen := 0
		_ = a.run(p.query, d.root, nil, func(q topdown.QueryResult) error { // what fails proves nothing
			for n, e := range entries {
				if out[n] == nil && q[answerVar] != nil && e.term.Equal(q[answerVar]) {
					out[n] = p.witness(q, d)
					left--
					break
				}
			}
			if seen++; left == 0 || seen == maxWitnesses {
				return errEnough
			}
			return nil
		})
	}
	for n, e := range entries {
		if out[n] == nil {
			out[n] = a.coarse(s, rule, d)
		}
		if path := d.named(e); path != nil {
			out[n].at = path
		}
	}
	return out
}

// witness makes paths of what a result knows. The place to look at is what the deepest
// condition reads, the last of several; the element gone through, if that is deeper than
// any condition.
func (pr *proof) witness(q topdown.QueryResult, d *rawDocument) *witness {
	w := &witness{}
	best, decided := -1, false
	var element []string
	for _, p := range pr.parts {
		path, depth, ok := pr.resolve(p.ref, q, d)
		if !ok || len(path) == 0 {
			continue
		}
		w.note(path)
		switch {
		case p.decides && depth >= best:
			w.at, best, decided = path, depth, true
		case !p.decides && len(path) > len(element) && (p.each || len(p.ref) == 1):
			element = path
		}
	}
	if !decided || len(element) > best && !slices.Equal(element[:min(len(element), len(w.at))], element) {
		if element != nil {
			w.at = element
		} else if len(w.read) > 0 && !decided {
			w.at = w.read[0]
		}
	}
	w.finish(d)
	return w
}

// resolve puts the values of variables into a reference. The path ends where the
// document does; the depth is how far the reference went.
func (pr *proof) resolve(ref ast.Ref, q topdown.QueryResult, d *rawDocument) (path []string, depth int, ok bool) {
	head, isHead := ref[0].Value.(ast.Var)
	if !isHead {
		return nil, 0, false
	}
	at, inside := d.root, true
	if !head.Equal(ast.InputRootDocument.Value) {
		if at = q[head]; at == nil {
			return nil, 0, false
		}
		w := d.way(at)
		if w == nil {
			return nil, 0, false
		}
		path = w.path(len(ref) - 1)
	}
	depth = len(path)
	for _, s := range ref[1:] {
		t := s
		if v, ok := s.Value.(ast.Var); ok {
			if t = q[v]; t == nil {
				break
			}
		}
		name, ok := segment(t.Value)
		if !ok {
			break
		}
		depth++
		if inside {
			if at = below(at, t); at == nil {
				inside = false
				continue
			}
			path = append(path, name)
		}
	}
	return path, depth, true
}

// below is a member or element, nil if there is none.
func below(t, name *ast.Term) *ast.Term {
	switch v := t.Value.(type) {
	case *ast.Array:
		return v.Get(name)
	case ast.Object:
		return v.Get(name)
	}
	return nil
}

func segment(v ast.Value) (string, bool) {
	switch v := v.(type) {
	case ast.String:
		return string(v), true
	case ast.Number:
		return string(v), true
	}
	return "", false
}

// note adds a path that was read.
func (w *witness) note(path []string) {
	if !slices.ContainsFunc(w.read, func(o []string) bool { return slices.Equal(o, path) }) {
		w.read = append(w.read, path)
	}
}

// finish leaves out what encloses something else that was read, and holds the number
// of paths within bounds, in their order.
func (w *witness) finish(d *rawDocument) {
	all := slices.Clone(w.read)
	w.read = slices.DeleteFunc(w.read, func(p []string) bool {
		t, _ := d.at(p)
		switch t.Value.(type) {
		case *ast.Array, ast.Object:
			return !slices.Equal(p, w.at) && slices.ContainsFunc(all, func(o []string) bool { return len(o) > len(p) && slices.Equal(o[:len(p)], p) })
		}
		return false
	})
	slices.SortFunc(w.read, slices.Compare)
	if len(w.read) > maxElements {
		w.read = w.read[:maxElements]
	}
}

// named is where the entry itself says to look: its at, which is a value of the
// document or the path of one.
func (d *rawDocument) named(e *rawEntry) []string {
	if e.at == nil {
		return nil
	}
	if w := d.way(e.at); w != nil {
		return w.path(0)
	}
	switch v := e.at.Value.(type) {
	case *ast.Array:
		var path []string
		for i := range v.Len() {
			name, ok := segment(v.Elem(i).Value)
			if !ok {
				return nil
			}
			path = append(path, name)
		}
		return d.within(path)
	case ast.String:
		if s, ok := strings.CutPrefix(string(v), "/"); ok {
			return d.within(strings.Split(s, "/"))
		}
	}
	return nil
}

// within is a path as far as the document goes; nil if it leads nowhere.
func (d *rawDocument) within(path []string) []string {
	if _, n := d.at(path); n > 0 {
		return path[:n]
	}
	return nil
}

// coarse is the witness of an entry whose body cannot be asked: what the rule reads in
// any case.
func (a *rawAsker) coarse(s *space, rule int, d *rawDocument) *witness {
	w, l := &witness{}, &s.bases[rule]
	l.once.Do(func() { l.paths = a.p.base(s.policy.Ref(s.policy.Rules[rule].Name)) })
	for _, path := range l.paths {
		path = slices.Clone(path)
		if _, n := d.at(path); n > 0 {
			w.note(path[:n])
			if len(path[:n]) > len(w.at) {
				w.at = path[:n]
			}
		}
	}
	w.finish(d)
	return w
}

// base lists the paths of the input that a rule may read, by OPA's own account.
func (p *Policies) base(ref ast.Ref) [][]string {
	var out [][]string
	for _, rule := range p.compiler.GetRulesExact(ref) {
		refs, err := dependencies.Base(p.compiler, rule)
		if err != nil {
			continue
		}
		for _, ref := range refs {
			if !ref[0].Equal(ast.InputRootDocument) {
				continue
			}
			var path []string
			for _, t := range ref[1:] {
				name, ok := segment(t.Value)
				if !ok {
					break
				}
				path = append(path, name)
			}
			out = append(out, path)
		}
	}
	return out
}
