package cli

import (
	"cmp"
	"context"
	"runtime"
	"slices"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/all"
	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// A source of many root modules is judged one by one: what is held is then the
// facts of one and the findings of all. Findings are held back until everything is
// read, since a secret that one part declares may stand in plain sight in another.

// parts returns the pieces that the run can judge for themselves: those of its only
// source, where no register joins targets into systems or refers to them.
func (s *session) parts(p *project) []*collectors.Part {
	if len(s.sources) != 1 || s.sources[0].env.History || s.sources[0].input != nil || s.sources[0].env.Tree == nil || len(savedFiles(s.sources[0].env.Tree)) > 0 {
		return nil
	}
	for _, d := range p.register.Documents(s.now) {
		if len(d.Items) > 0 {
			return nil
		}
	}
	if parts := all.Parts(s.sources[0].env); len(parts) > 1 {
		return parts
	}
	return nil
}

// piece is what was collected of one part.
type piece struct {
	env      *collectors.Env
	docs     []*fact.Document
	statuses []collectors.Status
}

// heldBack is the findings about one target, and how many secrets were known then.
type heldBack struct {
	target   string
	findings []*finding.Finding
	known    int
}

// apart judges a source in parts and keeps the findings. Parts are read ahead, as
// many at once as there are processors.
func (j *judging) apart(ctx context.Context, parts []*collectors.Part) ([]*heldBack, *engine.Tally, error) {
	src := j.ses.sources[0]
	read := func(p *collectors.Part) *piece {
		r := &piece{env: src.env.Of(p)}
		r.docs, r.statuses = collectors.Run(ctx, all.Collectors(), src.scheme, r.env)
		return r
	}
	take := func(r *piece) {
		src.env.Absorb(r.env)
		j.ses.failures(r.statuses, src.arg)
	}
	rest := read(collectors.Rest(parts))
	take(rest)
	byTarget := map[string][]*fact.Document{}
	for _, d := range rest.docs {
		byTarget[d.Target.ID] = append(byTarget[d.Target.ID], d)
	}
	j.ses.yield(src)
	j.ses.plan(j.p)
	planned := j.ses.docs
	collected := []*telling{}
	var held []*heldBack
	tally := engine.NewTally()
	judge := func(docs []*fact.Document) error {
		j.ses.docs = nil
		before := len(j.ses.told)
		j.ses.add(docs, src.arg)
		collected = append(collected, j.ses.told[before:]...)
		j.ses.annotate(ctx, j.p, j.set, nil)
		j.p.register.Link(j.ses.valid(slices.Concat(j.ses.docs, planned)))
		found, counted, err := j.part(ctx, &engine.Facts{Documents: j.ses.docs, Context: planned, Invalid: j.ses.invalid})
		held = append(held, found...)
		tally.Add(counted)
		if err == nil {
			err = j.draw(j.ses.docs, j.keep)
		}
		clear(j.ses.invalid)
		return err
	}
	ahead := make(chan struct{}, runtime.GOMAXPROCS(0)+1)
	pieces := make([]chan *piece, len(parts))
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for i := range pieces {
		pieces[i] = make(chan *piece, 1)
	}
	go func() {
		for i, p := range parts {
			select {
			case ahead <- struct{}{}:
			case <-ctx.Done():
				return
			}
			go func() { pieces[i] <- read(p) }()
		}
	}()
	for i, p := range parts {
		j.ses.progress.say("reading %s", plainly(p.Target))
		var r *piece
		select {
		case r = <-pieces[i]:
		case <-ctx.Done():
			return nil, tally, ctx.Err()
		}
		take(r)
		docs := r.docs
		if i == len(parts)-1 || parts[i+1].Target != p.Target {
			docs = append(docs, byTarget[p.Target]...)
			delete(byTarget, p.Target)
		}
		if err := judge(docs); err != nil {
			return nil, tally, err
		}
		<-ahead
	}
	for _, target := range fact.SortedKeys(byTarget) {
		if err := judge(byTarget[target]); err != nil {
			return nil, tally, err
		}
	}
	j.ses.diagnostics = append(j.ses.diagnostics, src.env.Diagnostics()...)
	j.ses.docs = nil
	j.ses.conclude(j.p, j.set, collected)
	j.p.register.Link(j.ses.valid(slices.Concat(j.ses.docs, planned)))
	found, counted, err := j.part(ctx, &engine.Facts{Documents: append(j.ses.docs, planned...), Invalid: j.ses.invalid})
	held = append(held, found...)
	tally.Add(counted)
	if err == nil {
		err = j.draw(append(j.ses.docs, planned...), j.keep)
	}
	return held, tally, err
}

// part judges some facts and keeps the findings by target.
func (j *judging) part(ctx context.Context, facts *engine.Facts) ([]*heldBack, *engine.Tally, error) {
	if err := j.prepare(ctx, facts); err != nil || j.engine == nil {
		return nil, engine.NewTally(), err
	}
	var held []*heldBack
	known := j.ses.redactor.Known()
	tally, err := j.engine.Judge(ctx, facts, func(f *finding.Finding) error {
		if len(held) == 0 || held[len(held)-1].target != f.Target {
			held = append(held, &heldBack{target: f.Target, known: known})
		}
		h := held[len(held)-1]
		h.findings = append(h.findings, f)
		return nil
	})
	return held, tally, err
}

// release hands on what was held back, by target, masking secrets that were not
// known when it was found.
func (j *judging) release(held []*heldBack) error {
	slices.SortStableFunc(held, func(a, b *heldBack) int { return cmp.Compare(a.target, b.target) })
	known := j.ses.redactor.Known()
	for i, h := range held {
		for _, f := range h.findings {
			if h.known != known {
				f.Mask(j.ses.redactor)
			}
			if err := j.take(f); err != nil {
				return err
			}
		}
		held[i] = nil
	}
	return nil
}
