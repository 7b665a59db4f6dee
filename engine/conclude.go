package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// conclude turns an answer into findings.
func (e *Engine) conclude(c *control.Control, it *item, a *answer, r *result) {
	v := decide(a)
	if v.outcome != finding.NotApplicable {
		r.applied[c] = true
	}
	show := e.opts.All || v.outcome != finding.Pass && v.outcome != finding.NotApplicable || len(a.entries[control.Warn]) > 0
	if !show {
		r.counts[v.outcome]++
		return
	}
	entries := v.entries
	if v.outcome != finding.Fail {
		entries = []*entry{nil}
	}
	for _, en := range entries {
		f := e.newFinding(c, it.group.key.target, it.group.key.kind, it.fact.ID(), "")
		f.Outcome, f.Reasons = v.outcome, append(f.Reasons, e.redactAll(v.reasons)...)
		f.Severity = stepped(finding.Severity(c.Severity), c, it)
		if v.outcome == finding.Fail && it.fact["class_basis"] == "assumed" && e.readsClass(c) {
			f.Reasons = append(f.Reasons, fmt.Sprintf("class %v is assumed: the register gives none", it.fact["class"]))
		}
		switch {
		case en != nil:
			e.fill(f, en)
		case v.outcome == finding.Pass:
			f.Message = c.Title
		case len(f.Reasons) > 0:
			f.Message = f.Reasons[0]
		}
		f.Advice = append(f.Advice, e.redactAll(messages(a.entries[control.Warn]))...)
		// A brief report shows evidence and code of failures only, and not of each.
		brief := e.opts.Brief && (v.outcome != finding.Fail || e.opts.Full > 0)
		if p, ok := position(it.doc, it.pointer()+fact.Pointer(a.gap...)); ok && v.outcome == finding.Unknown && a.gap != nil {
			if !brief {
				e.prove(f, c, it, en, false)
			}
			f.Location = e.location(it, p, true, brief) // what is not known is the place to look at
		} else {
			e.prove(f, c, it, en, brief)
		}
		if f.Outcome == finding.Fail && e.opts.Waive != nil {
			if w := e.opts.Waive(f); w != nil {
				f.Outcome, f.Waiver = finding.Waived, w
			}
		}
		if brief && v.outcome == finding.Fail {
			r.unproven = append(r.unproven, unproven{f, c, it, en})
		}
		r.add(f, true)
	}
}

func (e *Engine) fill(f *finding.Finding, en *entry) {
	f.Key = e.opts.Redactor.Redact(en.key)
	if en.key != "" {
		f.ID = finding.ID(f.Control, f.Subject.Kind, f.Target, f.Subject.ID, en.key)
	}
	f.Message = e.opts.Redactor.Redact(en.msg)
	f.Expected, f.Actual = e.opts.Redactor.Value(en.expected), e.opts.Redactor.Value(en.actual)
	if en.severity != "" {
		f.Severity = en.severity
	}
	if en.remediation != "" {
		f.Remediation = e.opts.Redactor.Redact(en.remediation)
	}
	if custom, ok := e.opts.Redactor.Value(en.custom).(map[string]any); ok && len(custom) > 0 {
		f.Custom = custom
	}
}

// readsClass reports whether a control's answer depends on the subject's class.
func (e *Engine) readsClass(c *control.Control) bool {
	reads, err := e.reads(c)
	return err == nil && slices.ContainsFunc(reads.Subject, func(p control.Path) bool {
		return len(p) == 0 || p[0] == "class" || p[0] == "personal"
	})
}

// stepped moves a severity by the subject's class: one up for special data, one
// down for none, unless the control is about documentation.
func stepped(s finding.Severity, c *control.Control, it *item) finding.Severity {
	switch class, _ := it.fact["class"].(string); {
	case class == "special":
		return s.Step(1)
	case class == "none" && !aboutDocumentation(c):
		return s.Step(-1)
	}
	return s
}

// aboutDocumentation: accountability and records are owed whatever the data.
func aboutDocumentation(c *control.Control) bool {
	for _, a := range c.GDPR {
		if a == "5(2)" || strings.HasPrefix(a, "30(") {
			return true
		}
	}
	return false
}

// closeGroup adds what holds for the target as a whole: its documents were
// invalid, items may be missing, or there were none.
func (e *Engine) closeGroup(g *group, applied map[*control.Control]bool, r *result) {
	for _, c := range e.controls[g.key.kind] {
		f := e.newFinding(c, g.key.target, g.key.kind, "", "")
		switch {
		case len(g.invalid) > 0:
			f.Outcome = finding.Unknown
			for _, p := range g.invalid {
				f.Reasons = append(f.Reasons, "invalid facts: "+e.opts.Redactor.Redact(p.Error()))
			}
		case !g.complete:
			f.Outcome = finding.Unknown
			f.Reasons = append(f.Reasons, fmt.Sprintf("items of kind %s may be missing", g.key.kind))
			f.Reasons = append(f.Reasons, e.redactAll(g.reasons)...)
		case c.AbsencePass && !applied[c]:
			f.Outcome, f.Message = finding.Pass, fmt.Sprintf("%s: none found", c.Title)
			if n := g.coverage(); n > 0 {
				f.Reasons = append(f.Reasons, fmt.Sprintf("searched: %d %s", n, plural(n, "file", "files")))
			}
		case len(g.items) == 0:
			f.Outcome = finding.NotApplicable
			f.Reasons = append(f.Reasons, fmt.Sprintf("%s has no %s", g.key.target, g.key.kind))
		default:
			continue
		}
		if f.Message == "" && len(f.Reasons) > 0 {
			f.Message = f.Reasons[0]
		}
		r.add(f, e.opts.All || f.Outcome == finding.Unknown)
	}
}

// coverage is how many files were searched for items: as the collectors counted, else
// the sources they name.
func (g *group) coverage() int {
	n, sources := 0, map[string]bool{}
	for _, d := range g.docs {
		n += d.Searched
		for _, s := range d.Sources {
			sources[s.URI] = true
		}
	}
	return cmp.Or(n, len(sources))
}

func (e *Engine) newFinding(c *control.Control, target, kind, subject, key string) *finding.Finding {
	articles := slices.Clip(c.GDPR)
	if articles == nil {
		articles = []string{}
	}
	return &finding.Finding{
		ID:      finding.ID(c.ID, kind, target, subject, key),
		Control: c.ID, Title: c.Title, Severity: finding.Severity(c.Severity), Target: target,
		Subject: finding.Subject{Kind: kind, ID: subject}, GDPR: articles,
		Remediation: c.Remediation, GateUnknown: c.GateUnknown,
		Advice: []string{}, Evidence: []finding.Evidence{}, Reasons: []string{},
	}
}

func (e *Engine) redactAll(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = e.opts.Redactor.Redact(s)
	}
	return out
}
