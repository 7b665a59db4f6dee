package cli

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/writ-policy/writ/engine"
	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
	"github.com/writ-policy/writ/engine/register"
	"github.com/writ-policy/writ/engine/report"
)

// finish adds what shows only at the end, gates and closes the reports.
func (j *judging) finish(tally *engine.Tally) error {
	for _, fd := range j.unmatched() {
		tally.Outcomes[fd.Outcome]++
		if err := j.take(fd); err != nil {
			return err
		}
	}
	if err := j.items(); err != nil {
		return err
	}
	j.require(tally)
	summary := j.summary(tally)
	if err := j.out.Handle(&finding.Message{Summary: summary}); err != nil {
		return err
	}
	j.ses.progress.wipe()
	if err := j.out.finish(); err != nil {
		return err
	}
	if summary.Exit != engine.ExitPass {
		return exitStatus(summary.Exit)
	}
	return nil
}

// take hands on a finding.
func (j *judging) take(f *finding.Finding) error {
	if j.known != nil {
		f.Baseline = j.known.Mark(f)
	}
	if f.Waiver != nil {
		j.p.used[f.Waiver.ID] = true
		w := *f.Waiver
		w.Reason, w.Compensation = j.ses.redactor.Redact(w.Reason), j.ses.redactor.Redact(w.Compensation)
		f.Waiver = &w
	}
	j.gate.Add(f)
	if j.ses.progress.to != nil {
		j.ses.progress.say("judging: %s", plainly(f.Target))
	}
	return j.out.Handle(&finding.Message{Finding: f})
}

// require holds that what --require names was asked: that control, or any control
// that judges that kind.
func (j *judging) require(tally *engine.Tally) {
	notAsked := map[string]bool{}
	for _, n := range tally.NotAsked {
		notAsked[n.Control] = true
	}
	for _, name := range j.f.require {
		kind := name
		asked := slices.ContainsFunc(j.set.Controls, func(c *control.Control) bool {
			if c.ID == name {
				kind = c.Subject
			}
			return (c.ID == name || c.Subject == name) && !notAsked[c.ID]
		}) || slices.ContainsFunc(j.set.PolicyRules(), func(r *control.PolicyRule) bool {
			if r.ID == name {
				kind = engine.RawKind
			}
			return r.ID == name
		})
		asked = asked && slices.ContainsFunc(j.ses.told, func(d *telling) bool { return d.kind == kind })
		if asked {
			continue
		}
		j.gate.Undecided()
		j.ses.diagnostics = append(j.ses.diagnostics, fact.Diagnostic{Severity: "error", Summary: "required but not asked",
			Detail: fmt.Sprintf("--require %s: no source yielded %s, or no control judges it", name, kind), Hint: "name as a source " + sourceOf(kind)})
	}
}

// checkRequired refuses names that --require could never meet.
func checkRequired(names []string, set *control.Set) error {
	var known []string
	for _, c := range set.Controls {
		known = append(known, c.ID)
	}
	for _, r := range set.PolicyRules() {
		known = append(known, r.ID)
	}
	known = append(known, kindNames()...)
	for _, name := range names {
		if !slices.Contains(known, name) {
			return fmt.Errorf("--require %s: no selected control and no kind is called that%s", name, fact.Suggest(name, known))
		}
	}
	return nil
}

func (j *judging) run() *finding.Run {
	r := &finding.Run{
		Schema: report.Schema, Version: Version, Now: j.ses.now, Sources: j.args,
		Digests: finding.Digests{Policies: j.set.Digest, Register: j.p.register.Digest, Parameters: j.set.Params.Digest(), Documents: documentsDigest(j.ses.told)},
		Gate:    j.p.gate, Strict: j.f.strict, Supplied: j.p.supplied, Controls: []finding.Control{},
	}
	if r.Supplied == nil {
		r.Supplied = []finding.Supply{}
	}
	for i, s := range r.Supplied {
		if _, origin, ok := j.set.Params.Value(s.Name); s.What == "parameter" && ok && origin != s.Source { // --params beat it
			r.Supplied[i].Inert, r.Supplied[i].Weaker = true, false
		}
	}
	for _, c := range j.set.Controls {
		r.Controls = append(r.Controls, finding.Control{
			ID: c.ID, Title: c.Title, Description: c.Description, Severity: finding.Severity(c.Severity),
			GDPR: c.GDPR, Remediation: c.Remediation, Subject: c.Subject, References: c.References,
		})
	}
	for _, c := range j.set.PolicyRules() {
		r.Controls = append(r.Controls, finding.Control{
			ID: c.ID, Title: c.Title, Description: c.Description, Severity: finding.Severity(c.Severity),
			GDPR: c.GDPR, Remediation: c.Remediation, Subject: engine.RawKind, References: c.References,
		})
	}
	return r
}

func (j *judging) summary(tally *engine.Tally) *finding.Summary {
	m := &finding.Summary{
		Outcomes: tally.Outcomes, Advisory: tally.Advisory, Subjects: tally.Subjects, NotAsked: tally.NotAsked,
		Files: j.ses.files(j.f.verbose), Diagnostics: j.ses.diagnostics, OpenArticles: openArticles(),
	}
	if len(j.set.Controls) == 0 {
		m.OpenArticles = nil // conftest policies speak of no article
	}
	if m.NotAsked == nil {
		m.NotAsked = []finding.NotAsked{}
	}
	for i := range m.NotAsked {
		m.NotAsked[i].Source = sourceOf(m.NotAsked[i].Kind)
	}
	m.Diagnostics = masked(m.Diagnostics, j.ses.redactor)
	for _, d := range m.Diagnostics {
		if d.Fatal {
			j.gate.Unusable(d.Summary)
		}
	}
	m.Exit, m.ExitReason = j.gate.Status()
	return m
}

// unmatched makes a finding of each waiver that covered nothing although its
// control was asked about its targets.
func (j *judging) unmatched() []*finding.Finding {
	targets := map[string]bool{}
	for _, d := range j.ses.told {
		targets[d.target] = true
	}
	var out []*finding.Finding
	for _, w := range j.p.unmatched() {
		asked := slices.ContainsFunc(j.set.Controls, func(c *control.Control) bool { return c.ID == w.Control }) ||
			slices.ContainsFunc(j.set.PolicyRules(), func(r *control.PolicyRule) bool { return r.ID == w.Control })
		here := slices.ContainsFunc(fact.SortedKeys(targets), func(t string) bool {
			return slices.ContainsFunc(w.Targets, func(g string) bool { return register.Match(g, t) })
		})
		if !asked || !here {
			continue
		}
		out = append(out, &finding.Finding{
			ID:      finding.ID("writ.waiver_matched", "register.waiver", register.Target, w.ID, ""),
			Control: "writ.waiver_matched", Title: "Every waiver covers a finding", Outcome: finding.Fail, Severity: finding.Low,
			Message: fmt.Sprintf("the waiver of %s for %s %s", w.Control, w.Subject, cmp.Or(w.Lapsed(j.ses.now), "covers nothing")),
			Target:  register.Target, Subject: finding.Subject{Kind: "register.waiver", ID: w.ID}, GDPR: []string{"5(2)"},
			Remediation: "Remove the waiver, renew it, or correct its subject.", Advice: []string{}, Evidence: []finding.Evidence{}, Reasons: []string{},
			Location: &finding.Location{URI: w.Pos.Source, StartLine: w.Pos.Line, EndLine: w.Pos.Line, Column: w.Pos.Column},
		})
	}
	return out
}

// masked are diagnostics without secrets. Their lines are source, comments
// included.
func masked(list []fact.Diagnostic, r *fact.Redactor) []fact.Diagnostic {
	out := make([]fact.Diagnostic, len(list))
	for i, d := range list {
		d.Summary, d.Detail, d.Hint, d.Line = r.Redact(d.Summary), r.Redact(d.Detail), r.Redact(d.Hint), r.Line(d.Line)
		out[i] = d
	}
	return out
}
