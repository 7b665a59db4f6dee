package engine

import (
	"context"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/finding"
)

// result is what one piece of work yielded.
type result struct {
	findings []*finding.Finding
	counts   map[finding.Outcome]int
	subjects int
	// applied holds the controls that had an outcome other than not_applicable.
	applied map[*control.Control]bool
}

func newResult() *result {
	return &result{counts: map[finding.Outcome]int{}, applied: map[*control.Control]bool{}}
}

// add counts a finding and keeps it if it is to be shown.
func (r *result) add(f *finding.Finding, show bool) {
	r.counts[f.Outcome]++
	if show {
		r.findings = append(r.findings, f)
	}
}

// chunk is how many subjects a worker takes at once.
const chunk = 32

// work is a run of subjects of one group; the last one also closes the group.
type work struct {
	group    *group
	from, to int
	last     bool
	done     chan *result
}

// each judges all groups with the workers and hands results on in order. At most
// a bounded number of pieces is under way, so memory does not grow with the run.
func (e *Engine) each(ctx context.Context, ix *index, emit func(*result) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	watch := newWatch(e.opts.Memory)
	defer watch.close()
	queue := make(chan *work, 4*e.opts.Workers)
	order := make(chan *work, 4*e.opts.Workers)
	go func() {
		defer close(queue)
		defer close(order)
		for _, g := range sortedGroups(ix.groups) {
			if len(e.controls[g.key.kind]) == 0 {
				continue
			}
			for from := 0; ; from += chunk {
				w := &work{group: g, from: from, to: min(from+chunk, len(g.items)), done: make(chan *result, 1)}
				w.last = w.to == len(g.items)
				select {
				case order <- w:
				case <-ctx.Done():
					return
				}
				queue <- w
				if w.last {
					break
				}
			}
		}
	}()
	var wg sync.WaitGroup
	for range e.opts.Workers {
		wg.Go(func() {
			a := &asker{e: e, watch: watch}
			for w := range queue {
				if ctx.Err() != nil {
					w.done <- newResult()
					continue
				}
				w.done <- e.judge(ctx, a, w)
			}
		})
	}
	var err error
	applied := map[*control.Control]bool{} // in the group so far
	for w := range order {
		r := <-w.done
		for c := range r.applied {
			applied[c] = true
		}
		if w.last && ctx.Err() == nil {
			e.closeGroup(w.group, applied, r)
			clear(applied)
		}
		if err == nil {
			if err = emit(r); err != nil {
				stop()
			}
		}
	}
	wg.Wait()
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// judge asks every control of the kind about the subjects of a piece of work.
func (e *Engine) judge(ctx context.Context, a *asker, w *work) *result {
	r := newResult()
	controls := e.controls[w.group.key.kind]
	if len(w.group.invalid) > 0 {
		return r
	}
	b := e.queries.forKind(ctx, w.group.key.kind)
	for _, it := range w.group.items[w.from:w.to] {
		r.subjects++
		answers := e.answers(ctx, a, b, it)
		for i, c := range controls {
			e.conclude(c, it, answers[i], r)
		}
	}
	return r
}

// answers asks all controls about a subject: in one query, and clause by clause
// where a gap leaves a clause undecided, or the query failed.
func (e *Engine) answers(ctx context.Context, a *asker, b *batch, it *item) []*answer {
	out := make([]*answer, len(b.controls))
	var batched *ast.Array
	input := e.input(it)
	if b.err == nil {
		if t, err := a.ask(ctx, b.prepared, input); err == nil && t != nil {
			batched, _ = t.Value.(*ast.Array)
		}
	}
	together := make([]bool, len(b.controls))
	for i, c := range b.controls {
		switch missing := e.missing(c, it); {
		case len(missing) > 0:
			out[i] = &answer{missing: missing}
		case batched == nil || e.touchesGap(c, it):
			out[i] = e.clauses(ctx, a, c, it, input)
		default:
			out[i], together[i] = &answer{}, true
		}
	}
	for n, s := range b.slots {
		if !together[s.control] {
			continue
		}
		if set, ok := termSet(batched.Elem(n)); ok {
			out[s.control].decide(s.set, set)
		} else {
			out[s.control].fail(s.set, s.set+" is not a set")
		}
	}
	return out
}

// clauses asks a control clause by clause.
func (e *Engine) clauses(ctx context.Context, a *asker, c *control.Control, it *item, input ast.Value) *answer {
	out := &answer{}
	apart, err := c.Apart()
	if err != nil {
		out.fail(control.Deny, err.Error())
		return out
	}
	for _, rule := range apart.Rules {
		if reasons := e.undecided(rule.Decides, c, it); len(reasons) > 0 {
			out.leave(rule.Set, reasons)
			continue
		}
		q := e.queries.forRule(ctx, apart, rule.Entry)
		if q.err != nil {
			out.fail(rule.Set, q.err.Error())
			continue
		}
		shown := e.undecided(rule.Shows, c, it)
		t, err := a.ask(ctx, q.prepared, input)
		if err != nil {
			if len(shown) > 0 && e.holds(ctx, a, apart, rule, input) {
				out.leave(rule.Set, shown)
				continue
			}
			out.fail(rule.Set, e.describe(err))
			continue
		}
		set, _ := termSet(t)
		if set != nil && set.Len() > 0 {
			out.decide(rule.Set, set)
			continue
		}
		// The body may hold and only the entry lack what it shows.
		if len(shown) > 0 && e.holds(ctx, a, apart, rule, input) {
			out.leave(rule.Set, shown)
		}
	}
	return out
}

// holds reports whether a clause's body is true, its entry aside.
func (e *Engine) holds(ctx context.Context, a *asker, apart *control.Apart, rule *control.Rule, input ast.Value) bool {
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

func (e *Engine) input(it *item) ast.Value {
	target := it.group.target
	return ast.NewObject(
		[2]*ast.Term{ast.InternedTerm("subject"), it.value(e.keys)},
		[2]*ast.Term{ast.InternedTerm("target"), ast.NewTerm(ast.NewObject(
			[2]*ast.Term{ast.InternedTerm("id"), ast.StringTerm(target.ID)},
			[2]*ast.Term{ast.InternedTerm("environment"), ast.StringTerm(target.Environment)},
		))},
		[2]*ast.Term{ast.InternedTerm("facts"), it.group.system.input(e)},
		[2]*ast.Term{ast.InternedTerm("run"), e.run},
	)
}
