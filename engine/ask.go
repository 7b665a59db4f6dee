package engine

import (
	"context"
	"errors"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/control"
)

// batched asks a batch and returns each control's sets; nil if the query failed.
func (e *Engine) batched(ctx context.Context, a *asker, b *batch, input ast.Value) []map[string]ast.Set {
	if b.err != nil {
		return nil
	}
	t, err := a.ask(ctx, b.prepared, input)
	if err != nil || t == nil {
		return nil
	}
	array, ok := t.Value.(*ast.Array)
	if !ok {
		return nil
	}
	sets := make([]map[string]ast.Set, len(b.controls))
	for n, s := range b.slots {
		if sets[s.control] == nil {
			sets[s.control] = make(map[string]ast.Set, len(control.Sets))
		}
		sets[s.control][s.set], _ = termSet(array.Elem(n))
	}
	return sets
}

// answer takes a control's sets from the batch where no clause reads a gap.
// Without a batch, together is nil.
func (e *Engine) answer(ctx context.Context, a *asker, c *control.Control, it *item, input ast.Value, together map[string]ast.Set) *answer {
	out := &answer{}
	if together != nil && !e.touchesGap(c, it) {
		for _, set := range control.Sets {
			if c.Has[set] {
				out.take(set, together[set])
			}
		}
		return out
	}
	rules, err := c.Rules()
	if err != nil {
		out.fail(control.Deny, err.Error())
		return out
	}
	// not_applicable first: if it holds, nothing else counts.
	for _, set := range askingOrder {
		if !c.Has[set] {
			continue
		}
		if len(out.entries[control.NotApplicable]) > 0 {
			break
		}
		e.ask(ctx, a, out, c, rules, set, it, input, together)
	}
	return out
}

var askingOrder = []string{control.NotApplicable, control.Deny, control.Unknown, control.Warn}

// ask settles one set: from the batch if every clause is decided and its entries
// could be built, else clause by clause. Where the batch has no entry at all, no
// decided clause has one either: nothing needs to be asked again.
func (e *Engine) ask(ctx context.Context, a *asker, out *answer, c *control.Control, rules []*control.Rule, set string, it *item, input ast.Value, together map[string]ast.Set) {
	var decided []*control.Rule
	left, built := false, true
	for _, rule := range rules {
		if rule.Set != set {
			continue
		}
		if reasons, at := e.undecided(rule.Decides, rule.Control, it); len(reasons) > 0 {
			out.leave(set, reasons, at)
			left = true
			continue
		}
		decided = append(decided, rule)
		if built {
			shown, _ := e.undecided(rule.Shows, rule.Control, it)
			built = len(shown) == 0
		}
	}
	found := together[set]
	if built && found != nil && (!left || found.Len() == 0) {
		out.take(set, found)
		return
	}
	if len(decided) == 0 {
		return
	}
	if built && found != nil {
		if mine, ok := e.betrayed(c, set, found, decided); ok {
			out.take(set, mine)
			return
		}
	}
	apart, err := c.Part(set, false)
	if err != nil {
		out.fail(set, err.Error())
		return
	}
	for _, rule := range decided {
		e.clause(ctx, a, out, apart, rule, it, input)
	}
}

// betrayed picks the entries of decided clauses out of the batch's, where each entry
// says which clause made it: what a decided clause yields there is what it yields.
func (e *Engine) betrayed(c *control.Control, set string, found ast.Set, decided []*control.Rule) (ast.Set, bool) {
	r, err := e.reading(c)
	if err != nil || len(r.marks[set]) == 0 {
		return nil, false
	}
	mine := ast.NewSet()
	err = found.Iter(func(entry *ast.Term) error {
		rule := r.marks[set][control.Mark(entry)]
		if rule == nil {
			return errAnonymous
		}
		if slices.Contains(decided, rule) {
			mine.Add(entry)
		}
		return nil
	})
	return mine, err == nil
}

// errAnonymous says that an entry may be of several clauses.
var errAnonymous = errors.New("an entry of a clause that is not known")

// clause asks one clause whose body reads no gap.
func (e *Engine) clause(ctx context.Context, a *asker, out *answer, apart *control.Apart, rule *control.Rule, it *item, input ast.Value) {
	q := e.queries.forRule(ctx, apart, rule.Entry)
	if q.err != nil {
		out.fail(rule.Set, q.err.Error())
		return
	}
	t, err := a.ask(ctx, q.prepared, input)
	if set, _ := termSet(t); err == nil && set != nil && set.Len() > 0 {
		out.decide(rule.Set, set)
		return
	}
	// The body may hold and only the entry lack what it shows.
	shown, at := e.undecided(rule.Shows, rule.Control, it)
	switch {
	case len(shown) > 0 && e.holds(ctx, a, rule, input):
		out.leave(rule.Set, shown, at)
	case err != nil:
		out.fail(rule.Set, e.describe(err))
	}
}

// holds reports whether a clause's body is true, its entry aside.
func (e *Engine) holds(ctx context.Context, a *asker, rule *control.Rule, input ast.Value) bool {
	apart, err := rule.Control.Part(rule.Set, true)
	if err != nil {
		return true // not known: undecided, not decided against
	}
	q := e.queries.forRule(ctx, apart, rule.Body)
	if q.err != nil {
		return true // not known: undecided, not decided against
	}
	t, err := a.ask(ctx, q.prepared, input)
	return err != nil || t != nil
}

func termSet(t *ast.Term) (ast.Set, bool) {
	if t == nil {
		return nil, false
	}
	s, ok := t.Value.(ast.Set)
	return s, ok
}
