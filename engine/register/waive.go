package register

import (
	"cmp"
	"time"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// Waive returns the waiver that covers a finding, nil if none does; then reason
// says why the nearest one does not, "" if none names it.
//
// A waiver covers the findings of its control on its subjects and targets from
// the day it was approved to the end of its last day (UTC), and only if it is
// whole: with reason, compensation, owner, both dates, and an approver who is
// not the owner. Of several the one that ends last is returned.
func (r *Register) Waive(f *finding.Finding, now time.Time) (*finding.Waiver, string) {
	var best *Waiver
	reason := ""
	for _, w := range r.Waivers {
		if w.Control != f.Control || !matchAny(w.Targets, f.Target) || !w.Subject.Covers(f.Subject.Kind, f.Subject.ID) {
			continue
		}
		if problem := w.problem(now); problem != "" {
			reason = cmp.Or(reason, "waiver at "+w.Pos.String()+" "+problem)
			continue
		}
		if best == nil || w.ExpiresOn > best.ExpiresOn {
			best = w
		}
	}
	if best == nil {
		return nil, reason
	}
	return &finding.Waiver{
		ID: best.ID, Reason: best.Reason, Owner: best.Owner, Approver: best.Approver,
		Compensation: best.Compensation, ExpiresOn: best.ExpiresOn, Pos: best.Pos,
	}, ""
}

// Lapsed says why a waiver covers nothing at a time ("expired on 2026-11-20"), ""
// if it is in force.
func (w *Waiver) Lapsed(now time.Time) string { return w.problem(now) }

// problem says why a waiver covers nothing at a time, "" if it is in force.
func (w *Waiver) problem(now time.Time) string {
	if len(w.invalid) > 0 {
		return "is not valid"
	}
	for _, f := range []struct{ name, text string }{
		{"reason", w.Reason}, {"compensation", w.Compensation}, {"owner", w.Owner}, {"approver", w.Approver},
		{"approved_on", w.ApprovedOn}, {"expires_on", w.ExpiresOn},
	} {
		if f.text == "" {
			return "has no " + f.name
		}
	}
	if w.Owner == w.Approver {
		return "is approved by its owner"
	}
	from, err := time.Parse(time.DateOnly, w.ApprovedOn)
	to, err2 := fact.ParseTime(w.ExpiresOn)
	switch {
	case err != nil || err2 != nil:
		return "has no dates"
	case now.Before(from):
		return "begins on " + w.ApprovedOn
	case now.After(to.Add(time.Second - 1)):
		return "expired on " + w.ExpiresOn
	}
	return ""
}

// Unmatched returns the waivers that covered nothing: those whose id is not in
// used.
func (r *Register) Unmatched(used map[string]bool) []*Waiver {
	out := []*Waiver{}
	for _, w := range r.Waivers {
		if !used[w.ID] {
			out = append(out, w)
		}
	}
	return out
}

// CheckControls reports waivers of controls that do not exist.
func (r *Register) CheckControls(known []string) []fact.Diagnostic {
	d := newDecoder()
	for _, f := range r.files {
		d.remember(f)
	}
	exists := map[string]bool{}
	for _, id := range known {
		exists[id] = true
	}
	for _, w := range r.Waivers {
		if !exists[w.Control] && w.invalid["control"] == "" {
			d.problem(w.Pos, "Unknown control", quote(w.Control)+" is not a control.", suggest(w.Control, known))
		}
	}
	return d.diagnostics
}
