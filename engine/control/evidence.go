package control

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// AllReads returns what the control's deny, not_applicable and unknown rules read
// to decide, and for what they call actual: the evidence of any outcome. It is found in the set's own compiler,
// without compiling the control apart.
func (c *Control) AllReads() (Reads, error) {
	c.evidence.once.Do(func() { c.evidence.reads, c.evidence.err = c.allReads() })
	return c.evidence.reads, c.evidence.err
}

func (c *Control) allReads() (Reads, error) {
	if c.compiler == nil {
		a, err := c.Apart()
		if err != nil {
			return Reads{}, err
		}
		var all Reads
		for _, r := range a.Rules {
			if r.Set != Warn {
				all.merge(r.proves)
			}
		}
		return all, nil
	}
	f := newFollower(c.compiler, nil)
	for _, r := range c.compiler.Modules[c.file.path].Rules {
		if set := ruleName(r); set != Warn && slices.Contains(Sets, set) {
			f.rule(withoutShown(r))
		}
	}
	reads := f.result()
	reads.Params = cutParams(reads.Params, c.declares)
	return reads, nil
}

// withoutShown returns a compiled clause without the expressions that only make
// what its entry shows, its actual value aside. The compiler has put those beside the body, marked as
// generated; each gives a value to its last or, in an equation, its first term.
func withoutShown(r *ast.Rule) *ast.Rule {
	entry := r.Head.Key
	made := map[ast.Var]*ast.Expr{}
	needed := ast.VarSet{}
	for _, e := range r.Body {
		if v, ok := makes(e); ok {
			made[v] = e
			if o, ok := e.Operand(1).Value.(ast.Object); ok && e.IsEquality() && entry.Value.Compare(v) == 0 {
				entry = ast.NewTerm(o)
			}
			continue
		}
		vars(e, needed)
	}
	decides := append(deciding(entry), member(entry, "actual")...)
	for _, t := range decides {
		vars(t, needed)
	}
	for grown := true; grown; {
		grown = false
		for v, e := range made {
			if needed.Contains(v) {
				delete(made, v)
				vars(e, needed)
				grown = true
			}
		}
	}
	body := ast.Body{}
	for _, e := range r.Body {
		if v, ok := makes(e); !ok || made[v] == nil {
			body = append(body, e)
		}
	}
	return &ast.Rule{Head: &ast.Head{Key: ast.ArrayTerm(decides...)}, Body: body}
}

// makes returns the variable that a generated expression gives a value to.
func makes(e *ast.Expr) (ast.Var, bool) {
	terms, ok := e.Terms.([]*ast.Term)
	if !ok || !e.Generated || e.Negated || len(e.With) > 0 || len(terms) < 2 {
		return "", false
	}
	t := terms[len(terms)-1]
	if e.IsEquality() {
		t = terms[1]
	}
	v, ok := t.Value.(ast.Var)
	return v, ok
}

func vars(x any, into ast.VarSet) {
	ast.WalkVars(x, func(v ast.Var) bool {
		into.Add(v)
		return false
	})
}
