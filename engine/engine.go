// Package engine judges facts by controls. It is given documents, annotated and
// derived, and a set of controls; it yields one finding for each control and
// subject, with evidence, in the same order and the same bytes for any number of
// workers.
package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// Options of an [Engine].
type Options struct {
	// Now is the run's time: what controls see as input.run and what built-ins
	// see as the clock.
	Now time.Time
	// Workers is the number of subjects judged at once; 0 means GOMAXPROCS.
	Workers int
	// Timeout bounds one evaluation; 0 means 10 s. What exceeds it is an error of
	// the control that did.
	Timeout time.Duration
	// Memory is a ceiling in bytes for the process's heap while rules are
	// evaluated; 0 means none. What exceeds it is an error of the control that did.
	Memory uint64
	// All also yields passing and not-applicable findings; else they are only
	// counted.
	All bool
	// Brief leaves out the evidence and code frames of what neither fails nor is
	// waived, for reports that do not show them.
	Brief bool
	// Full, if Brief is set, is how many failures of one control on one target have
	// evidence and a code frame, those that come first by severity, kind, subject and
	// key; 0 is all of them.
	Full int
	// Redactor masks secrets in everything shown; nil knows none.
	Redactor *fact.Redactor
	// Snippet returns source lines from..to of a file for a code frame, without
	// secrets, nil if it is not at hand.
	Snippet func(uri string, from, to int) []string
	// Waive returns the waiver that covers a failure, nil if none does.
	Waive func(*finding.Finding) *finding.Waiver
}

// Facts is what a run judges, or a part of it.
type Facts struct {
	Documents []*fact.Document
	// Context holds documents that the judged ones may refer to: the register's,
	// where it is judged apart from them.
	Context []*fact.Document
	// Systems maps a target to its system; a target that is missing is one by
	// itself.
	Systems map[string]string
	// Yields lists the kinds that the given sources could have yielded.
	Yields map[string]bool
	// Invalid holds the problems of documents that broke their contract.
	Invalid map[*fact.Document][]fact.Problem
}

// Engine evaluates one set of controls.
type Engine struct {
	opts     Options
	set      *control.Set
	compiler *ast.Compiler
	controls map[string][]*control.Control // by subject kind, by id
	store    storage.Store
	txn      storage.Transaction
	queries  *queries
	keys     map[string]*ast.Term
	run      *ast.Term

	readsMu  sync.RWMutex
	allReads map[*control.Control]control.Reads // that are evidence
	readings map[*control.Control]*reading
	// pathNumbers are what memos know paths of subjects by.
	pathNumbers map[string]int
	askers      []*asker // one for each worker, which remembers answers
}

// New prepares the controls whose subject kind occurs in the facts; a kind that is
// false occurs without a fact to be judged. Controls that
// do not compile are in the diagnostics, and the engine, unless nil, has the
// others.
func New(ctx context.Context, set *control.Set, kinds map[string]bool, opts Options) (*Engine, []fact.Diagnostic, error) {
	if opts.Workers <= 0 {
		opts.Workers = runtime.GOMAXPROCS(0)
	}
	if opts.Timeout <= 0 {
		opts.Timeout = 10 * time.Second
	}
	if opts.Redactor == nil {
		opts.Redactor = fact.NewRedactor()
	}
	compiler, controls, diagnostics := set.Compile(kinds)
	if compiler == nil {
		return nil, diagnostics, nil
	}
	e := &Engine{opts: opts, set: set, compiler: compiler, controls: map[string][]*control.Control{}, allReads: map[*control.Control]control.Reads{}, readings: map[*control.Control]*reading{}, pathNumbers: map[string]int{}}
	for _, c := range controls {
		e.controls[c.Subject] = append(e.controls[c.Subject], c)
	}
	e.store = inmem.NewFromObjectWithOpts(map[string]any{"params": set.Params.Tree()},
		inmem.OptRoundTripOnWrite(true), inmem.OptReturnASTValuesOnRead(true))
	txn, err := e.store.NewTransaction(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("open policy store: %w", err)
	}
	e.txn = txn
	e.keys = keyTerms()
	e.run = ast.NewTerm(ast.NewObject(
		[2]*ast.Term{ast.StringTerm("now"), ast.StringTerm(opts.Now.UTC().Format(time.RFC3339))},
		[2]*ast.Term{ast.StringTerm("date"), ast.StringTerm(opts.Now.UTC().Format(time.DateOnly))},
	))
	e.queries = newQueries(e)
	for range opts.Workers {
		e.askers = append(e.askers, &asker{e: e, memo: newMemo()})
	}
	return e, diagnostics, nil
}

// Close ends the engine's transaction.
func (e *Engine) Close(ctx context.Context) { e.store.Abort(ctx, e.txn) }

// Tally is what an evaluation counted.
type Tally struct {
	Outcomes map[finding.Outcome]int
	Subjects int
	Advisory int
	NotAsked []finding.NotAsked
}

// NewTally counts nothing yet.
func NewTally() *Tally {
	t := &Tally{Outcomes: map[finding.Outcome]int{}}
	for _, o := range finding.Outcomes {
		t.Outcomes[o] = 0
	}
	return t
}

// Add counts what another part of the run counted.
func (t *Tally) Add(part *Tally) {
	for o, n := range part.Outcomes {
		t.Outcomes[o] += n
	}
	t.Subjects += part.Subjects
	t.Advisory += part.Advisory
	t.NotAsked = append(t.NotAsked, part.NotAsked...)
}

func (t *Tally) take(r *result, emit func(*finding.Finding) error) error {
	t.Subjects += r.subjects
	for o, n := range r.counts {
		t.Outcomes[o] += n
	}
	for _, f := range r.findings {
		t.Advisory += len(f.Advice)
		if err := emit(f); err != nil {
			return err
		}
	}
	return nil
}

// Evaluate judges all facts of a run and hands every finding to emit: what no
// document could answer first, the rest as [Engine.Judge] does.
func (e *Engine) Evaluate(ctx context.Context, facts *Facts, emit func(*finding.Finding) error) (*Tally, error) {
	collected := map[string]bool{}
	for _, d := range facts.Documents {
		collected[d.Kind] = true
	}
	tally, err := e.Unfed(collected, facts.Yields, emit)
	if err != nil {
		return tally, err
	}
	judged, err := e.Judge(ctx, facts, emit)
	tally.Add(judged)
	return tally, err
}

// Judge judges facts and hands every finding to emit, in the order (target, kind,
// item, control, key). An error of emit ends it. A run may be judged in parts, each
// with all targets of its systems, one after the other.
func (e *Engine) Judge(ctx context.Context, facts *Facts, emit func(*finding.Finding) error) (*Tally, error) {
	tally := NewTally()
	err := e.each(ctx, e.index(facts), func(r *result) error { return tally.take(r, emit) })
	return tally, err
}

// Unfed deals with the controls whose kind no document of the run has: not asked
// if no source could have yielded it, else unknown.
func (e *Engine) Unfed(collected, yields map[string]bool, emit func(*finding.Finding) error) (*Tally, error) {
	r := newResult()
	var notAsked []finding.NotAsked
	for _, c := range e.set.Controls {
		if collected[c.Subject] {
			continue
		}
		if !yields[c.Subject] {
			notAsked = append(notAsked, finding.NotAsked{Control: c.ID, Kind: c.Subject})
			continue
		}
		f := e.newFinding(c, "run", c.Subject, "", "")
		f.Outcome, f.Reasons = finding.Unknown, []string{"no document of kind " + c.Subject + " was collected"}
		f.Message = f.Reasons[0]
		r.add(f, true)
	}
	tally := NewTally()
	tally.NotAsked = notAsked
	return tally, tally.take(r, emit)
}

var errStopped = errors.New("evaluation stopped")

// sortedGroups orders groups by target and kind.
func sortedGroups(groups map[groupKey]*group) []*group {
	out := make([]*group, 0, len(groups))
	for _, g := range groups {
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b *group) int { return a.key.compare(b.key) })
	return out
}
