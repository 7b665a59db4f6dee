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
	unproven []unproven // of them, failures that have no evidence yet
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
			if g.context || len(e.controls[g.key.kind]) == 0 {
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
	for _, a := range e.askers {
		a.watch = watch
		wg.Go(func() {
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
	var held []*result                     // of the group, if some are proven when all are known
	for w := range order {
		r := <-w.done
		for c := range r.applied {
			applied[c] = true
		}
		if w.last && ctx.Err() == nil {
			e.closeGroup(w.group, applied, r)
			clear(applied)
		}
		held = append(held, r)
		if e.opts.Brief && e.opts.Full > 0 && !w.last {
			continue
		}
		e.proveFirst(held)
		for _, r := range held {
			if err == nil {
				if err = emit(r); err != nil {
					stop()
				}
			}
		}
		held = held[:0]
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

// answers asks all controls about a subject. Those whose answer the worker does
// not know yet are asked in one query if they are many, else one by one. A set of
// which a clause reads a gap is asked clause by clause; so is everything if the
// query failed.
func (e *Engine) answers(ctx context.Context, a *asker, b *batch, it *item) []*answer {
	a.memo.next()
	out := make([]*answer, len(b.controls))
	keys := make([]memoKeys, len(b.controls))
	var open []int
	for i, c := range b.controls {
		if missing := e.missing(c, it); len(missing) > 0 {
			out[i] = &answer{missing: missing}
			continue
		}
		if out[i] = a.memo.excludedBy(e, c, it); out[i] != nil {
			continue
		}
		excluded, narrow := a.memo.excluded(e, c, it)
		if narrow {
			if out[i] = a.memo.answers[excluded]; out[i] != nil {
				continue
			}
			keys[i].excluded = excluded
		}
		if plain, full, ok := a.memo.keys(e, c, it); ok {
			if out[i] = a.memo.answers[plain]; out[i] == nil {
				out[i] = a.memo.answers[full]
			}
			if out[i] != nil {
				continue
			}
			keys[i].plain, keys[i].full = plain, full
		}
		open = append(open, i)
	}
	if len(open) == 0 {
		return out
	}
	subject := e.subject(it, b.controls, open)
	input := e.input(it, subject)
	var together []map[string]ast.Set
	if 3*len(open) > len(b.controls) {
		together = e.batched(ctx, a, b, input)
	}
	for _, i := range open {
		c := b.controls[i]
		var sets map[string]ast.Set
		switch {
		case together != nil:
			sets = together[i]
		case 3*len(open) <= len(b.controls):
			if alone := e.batched(ctx, a, e.queries.forControl(ctx, c), input); alone != nil {
				sets = alone[0]
			}
		}
		out[i] = e.answer(ctx, a, c, it, input, sets)
		for _, entries := range out[i].entries {
			for _, en := range entries {
				if en.at != nil {
					en.place, en.located = find(subject, en.at, nil)
				}
			}
		}
		if r, err := e.reading(c); err == nil && ctx.Err() == nil {
			if na := out[i].entries[control.NotApplicable]; len(na) > 0 && keys[i].excluded.control != nil {
				a.memo.exclude(e, c, it, keys[i].excluded, na)
				continue
			}
			if r.plain(out[i]) {
				a.memo.put(keys[i].plain, out[i])
			} else {
				a.memo.put(keys[i].full, out[i])
			}
		}
	}
	return out
}

// subject is an item as the controls to be asked see it: with the members that they
// read.
func (e *Engine) subject(it *item, controls []*control.Control, open []int) *ast.Term {
	names := []string{}
	for _, i := range open {
		r, err := e.reading(controls[i])
		if err != nil || r.fields == nil {
			return it.value(e.keys)
		}
		names = append(names, r.fields...)
	}
	return it.members(names, e.keys)
}

func (e *Engine) input(it *item, subject *ast.Term) ast.Value {
	target := it.group.target
	return ast.NewObject(
		[2]*ast.Term{ast.InternedTerm("subject"), subject},
		[2]*ast.Term{ast.InternedTerm("target"), ast.NewTerm(ast.NewObject(
			[2]*ast.Term{ast.InternedTerm("id"), ast.StringTerm(target.ID)},
			[2]*ast.Term{ast.InternedTerm("environment"), ast.StringTerm(target.Environment)},
		))},
		[2]*ast.Term{ast.InternedTerm("facts"), it.group.system.input(e)},
		[2]*ast.Term{ast.InternedTerm("run"), e.run},
	)
}
