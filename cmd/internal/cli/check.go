package cli

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
	"github.com/writ-policy/writ/engine/register"
	"github.com/writ-policy/writ/engine/report"
)

func newCheck(s *streams) *cobra.Command {
	f := flags{in: s.in}
	c := &cobra.Command{
		Use:   "check [SOURCE...]",
		Short: "Collect facts, judge them, report, and gate",
		Long: `Check collects facts from each SOURCE (a folder, a file, saved facts, - for
saved facts on standard input; the current folder if none is named), judges
them by the embedded GDPR controls and your own, and reports.

Exit status: 0 nothing at or above the gate; 1 findings at or above the gate;
2 usage, an invalid policy, register or parameter, an unreadable file, or no
facts at all; 3 something the gate needs could not be decided. Where several
hold, 2 goes before 1, and 1 before 3.`,
		Example: `  writ check
  writ check infra -o text -o sarif=writ.sarif
  writ check infra -v -o html=writ.html     a page for people
  writ check infra --select 'gdpr.log.*' --gate high
  writ check infra --config ../trusted     a pull request cannot waive itself
  writ check infra --baseline old.json     only what is new gates
  writ collect infra | writ check -        judge saved facts`,
		RunE: func(c *cobra.Command, args []string) error { return s.check(c.Context(), args, &f) },
	}
	f.addSources(c)
	f.addJudging(c)
	return c
}

// check is the way of a datum: collect, validate, annotate, derive, judge, report.
func (s *streams) check(ctx context.Context, args []string, f *flags) error {
	heap := tuneHeap(f.memory)
	defer heap.release()
	out, err := s.outputs(f)
	if err != nil {
		return err
	}
	defer out.abandon()
	ses, err := open(args, f)
	if err != nil {
		return err
	}
	defer ses.close()
	p, err := ses.project(f)
	if err != nil {
		return err
	}
	ses.diagnostics = append(ses.diagnostics, p.diagnostics...)
	set, diagnostics, err := f.load(p)
	if err != nil {
		return err
	}
	ses.diagnostics = append(ses.diagnostics, diagnostics...)
	if len(diagnostics) == 0 { // else a control may be missing that is only broken
		if err := checkRequired(f.require, set); err != nil {
			return err
		}
	}
	known, err := f.known()
	if err != nil {
		return err
	}
	ids := make([]string, len(set.Controls))
	for i, c := range set.Controls {
		ids[i] = c.ID
	}
	for _, r := range set.PolicyRules() {
		ids = append(ids, r.ID)
	}
	if len(f.selects)+len(f.skips) == 0 {
		ses.diagnostics = append(ses.diagnostics, fatally(p.register.CheckControls(ids))...)
	}
	ses.want(set)
	ses.progress = s.progress(f)
	j := &judging{f: f, ses: ses, p: p, set: set, out: out, known: known, args: argsOr(args), heap: heap, gate: engine.Gate{Level: p.gate, Strict: f.strict}}
	tally, err := j.judge(ctx)
	if j.engine != nil {
		defer j.engine.Close(ctx)
	}
	if err != nil {
		return err
	}
	return j.finish(tally)
}

// judging is what one check holds.
type judging struct {
	f     *flags
	ses   *session
	p     *project
	set   *control.Set
	out   *outputs
	known register.Baseline // nil without one
	args  []string
	gate  engine.Gate

	engine   *engine.Engine  // nil if no control compiles
	compiled map[string]bool // kinds whose controls it has
	drawn    []*finding.Item // what reports draw
	parted   bool            // the source is judged in parts
	heap     *heap
}

// judge collects and judges: in parts where that can be, else everything at once.
func (j *judging) judge(ctx context.Context) (*engine.Tally, error) {
	if len(j.set.Controls) == 0 && len(j.set.Policies) > 0 {
		return j.policiesAlone(ctx)
	}
	if parts := j.ses.parts(j.p); parts != nil {
		j.parted = true
		j.heap.parted.Store(true)
		held, tally, err := j.apart(ctx, parts)
		if err != nil {
			return tally, err
		}
		raw, counted, err := j.policies(ctx)
		tally.Add(counted)
		if err != nil {
			return tally, err
		}
		held = append(held, raw...)
		if err := j.begin(); err != nil {
			return tally, err
		}
		if j.engine == nil {
			return tally, j.release(held)
		}
		unfed, err := j.engine.Unfed(j.collected(), j.ses.yields, j.take)
		tally.Add(unfed)
		if err != nil {
			return tally, err
		}
		return tally, j.release(held)
	}
	j.ses.collect(ctx)
	if j.ses.empty() {
		j.ses.diagnostics = append(j.ses.diagnostics, fact.Diagnostic{Severity: "error", Fatal: true, Summary: "no facts",
			Detail: "no source yielded a document: " + strings.Join(j.args, ", "), Hint: "-v names the files that were skipped, and why"})
	}
	facts := &engine.Facts{Systems: j.ses.join(ctx, j.p, j.set), Yields: j.ses.yields, Invalid: j.ses.invalid}
	facts.Documents = j.ses.docs
	held, tally, err := j.policies(ctx)
	if err != nil {
		return tally, err
	}
	if err := j.begin(); err != nil {
		return nil, err
	}
	if err := j.prepare(ctx, facts); err != nil {
		return tally, err
	}
	if j.engine != nil {
		judged, err := j.engine.Evaluate(ctx, facts, j.take)
		tally.Add(judged)
		if err != nil {
			return tally, err
		}
	}
	return tally, j.release(held)
}

// begin opens the stream of messages, when all that is judged was collected.
func (j *judging) begin() error {
	j.ses.progress.wipe()
	return j.out.Handle(&finding.Message{Run: j.run()})
}

// prepare makes an engine that has the controls of all kinds of some facts.
func (j *judging) prepare(ctx context.Context, facts *engine.Facts) error {
	kinds := maps.Clone(j.compiled)
	if kinds == nil {
		kinds = map[string]bool{"run": true} // which every run ends with
	}
	for _, d := range slices.Concat(facts.Documents, facts.Context) {
		kinds[d.Kind] = kinds[d.Kind] || j.parted || len(d.Items) > 0
	}
	if j.compiled != nil && maps.Equal(kinds, j.compiled) {
		return nil
	}
	if j.engine != nil {
		j.engine.Close(ctx)
	}
	j.compiled = kinds
	e, diagnostics, err := engine.New(ctx, j.set, kinds, engine.Options{
		Now: j.ses.now, Workers: j.f.jobs, Timeout: j.f.timeout, Memory: uint64(j.f.memory) << 20, All: j.f.verbose, Brief: j.out.brief(), Full: j.full(),
		Redactor: j.ses.redactor, Snippet: j.ses.snippet, Waive: j.p.waive(j.ses.now),
	})
	for _, d := range diagnostics {
		if !slices.Contains(j.ses.diagnostics, d) {
			j.ses.diagnostics = append(j.ses.diagnostics, d)
		}
	}
	j.engine = e
	return err
}

// collected are the kinds that any document of the run had.
func (j *judging) collected() map[string]bool {
	kinds := map[string]bool{}
	for _, t := range j.ses.told {
		kinds[t.kind] = true
	}
	return kinds
}

func argsOr(args []string) []string {
	if len(args) == 0 {
		return []string{"."}
	}
	return args
}

// refuse prints diagnostics and ends with status 2 if one is fatal.
func (s *streams) refuse(diagnostics []fact.Diagnostic, r *fact.Redactor) error {
	if err := report.Diagnostics(s.err, masked(diagnostics, r), report.Options{}); err != nil {
		return err
	}
	if slices.ContainsFunc(diagnostics, func(d fact.Diagnostic) bool { return d.Fatal }) {
		return exitStatus(engine.ExitUsage)
	}
	return nil
}
