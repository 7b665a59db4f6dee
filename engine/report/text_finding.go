package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

func (t *textReport) findings() {
	target := ""
	for i, g := range grouped(t.shown) {
		if i == 0 || g.target != target {
			t.p.blank()
			t.p.line(span{g.target, bold})
			target = g.target
		}
		t.p.blank()
		t.group(g)
	}
}

func (t *textReport) group(g group) {
	first := g.findings[0]
	t.p.prose([]span{text("  "), {g.control, bold}, text("  ")}, first.Title, plain)
	if len(first.GDPR) > 0 {
		t.p.prose([]span{text("  ")}, supports(first.GDPR), dim)
	}
	fixes := remediations(g.findings)
	shown := 0
	for rest := g.findings; len(rest) > 0; {
		if n := failures(rest); shown >= inFull && n > 1 && !t.verbose {
			t.p.blank()
			t.more(rest[:n])
			rest = rest[n:]
			continue
		}
		if !listed(rest[0]) {
			if len(rest) < len(g.findings) {
				t.p.blank()
			}
			t.finding(rest[0], len(fixes) > 1)
			shown++
			rest = rest[1:]
			continue
		}
		n := 1
		for n < len(rest) && listed(rest[n]) && alike(rest[0], rest[n]) {
			n++
		}
		t.list(rest[:n])
		rest = rest[n:]
	}
	if len(fixes) == 1 {
		t.fix(g, fixes[0])
	}
}

// inFull is how many findings of one control on one target are shown whole; whoever
// has more of them wants the list.
const inFull = 5

// InFull is how many failures of one control on one target the text report shows
// with their evidence at most: a list of one is shown in full too.
const InFull = inFull + 1

// failures counts the failures that findings begin with.
func failures(findings []*finding.Finding) int {
	n := slices.IndexFunc(findings, func(f *finding.Finding) bool { return f.Outcome != finding.Fail })
	if n < 0 {
		return len(findings)
	}
	return n
}

// more lists failures by a line each.
func (t *textReport) more(findings []*finding.Finding) {
	t.p.line(span{fmt.Sprintf("    %d more", len(findings)), red}, span{"; -v shows them in full", dim})
	rows := make([][]span, len(findings))
	for i, f := range findings {
		rows[i] = []span{text("- " + string(f.Severity)), text(f.Subject.ID), text(shorten(f.Message, 80)), {place(f.Location), dim}}
	}
	t.p.table(text("      "), rows)
}

// supports names articles without claiming more than evidence can.
func supports(articles []string) string {
	return "supports Art. " + strings.Join(articles, ", ")
}

// remediations returns the different remediations of what failed, in order.
func remediations(findings []*finding.Finding) []string {
	var fixes []string
	for _, f := range findings {
		if f.Outcome == finding.Fail && f.Remediation != "" && !slices.Contains(fixes, f.Remediation) {
			fixes = append(fixes, f.Remediation)
		}
	}
	return fixes
}

// fix says once how to mend what a control found; other targets refer to it.
func (t *textReport) fix(g group, remediation string) {
	key := g.control + "\x00" + remediation
	if target, ok := t.advised[key]; ok {
		remediation = "as for " + target + " above"
	} else {
		t.advised[key] = g.target
	}
	t.p.prose([]span{text("    "), {"fix", green}, text("  ")}, remediation, plain)
}

// listed reports whether a line says all of f: nothing is to be mended.
func listed(f *finding.Finding) bool {
	switch f.Outcome {
	case finding.Fail, finding.Waived:
		return false
	}
	return len(f.Advice) == 0
}

// alike reports whether two listed findings say the same of their subjects.
func alike(a, b *finding.Finding) bool {
	return a.Outcome == b.Outcome && a.Message == b.Message && slices.Equal(a.Reasons, b.Reasons)
}

// list writes what findings have in common, then the subjects.
func (t *textReport) list(findings []*finding.Finding) {
	f := findings[0]
	lead := t.label(f)
	for _, s := range said(f) {
		t.p.prose(lead, s, plain)
		lead = []span{text(strings.Repeat(" ", width(lead)))}
	}
	if len(said(f)) == 0 {
		t.p.line(lead...)
	}
	var rows [][]span
	for _, f := range findings {
		rows = append(rows, []span{text("- " + f.Subject.Kind), text(f.Subject.ID), {place(f.Location), dim}})
	}
	t.p.tableWith(text("      "), rows, func(n int) {
		if t.verbose {
			t.p.table(text("        "), evidence(findings[n].Evidence))
		}
	})
}

// said returns the message and the reasons that do not repeat it.
func said(f *finding.Finding) []string {
	var lines []string
	if f.Message != "" {
		lines = append(lines, f.Message)
	}
	for _, r := range f.Reasons {
		if !slices.Contains(lines, r) {
			lines = append(lines, r)
		}
	}
	return lines
}

func place(l *finding.Location) string {
	if l == nil {
		return ""
	}
	return fact.Position{Source: l.URI, Line: l.StartLine, Column: l.Column}.String()
}

func width(spans []span) int {
	n := 0
	for _, s := range spans {
		n += cells(s.text)
	}
	return n
}

// label is the outcome, with the severity of what failed.
func (t *textReport) label(f *finding.Finding) []span {
	name, st := strings.ReplaceAll(string(f.Outcome), "_", " "), plain
	switch f.Outcome {
	case finding.Fail, finding.Error:
		st = red
	case finding.Unknown, finding.Waived:
		st = yellow
	case finding.Pass:
		st = green
	}
	if f.Outcome == finding.Fail && f.Severity.Rank() < finding.High.Rank() {
		st = yellow
	}
	switch {
	case f.Advisory:
		name, st = "advice", blue
	case f.Outcome == finding.Fail || f.Outcome == finding.Waived:
		name += " " + string(f.Severity)
	}
	label := []span{text("    "), {name, st}}
	if f.Baseline != "" && f.Outcome == finding.Fail {
		label = append(label, span{", " + f.Baseline, dim})
	}
	if f.GateUnknown && f.Outcome == finding.Unknown {
		label = append(label, span{", blocks the gate", dim})
	}
	return append(label, text("  "))
}

// finding writes the message, the code, and what is to be known about it.
func (t *textReport) finding(f *finding.Finding, fix bool) {
	lines := said(f)
	if len(lines) == 0 {
		lines = []string{""}
	}
	t.p.prose(t.label(f), lines[0], bold)
	code := locationFrame(f.Location)
	t.p.frame(5, code)
	margin := strings.Repeat(" ", 5+code.gutter) + " = "
	note := func(name, s string) {
		if s != "" {
			t.p.prose([]span{{margin, blue}, {pad(name, 10), dim}}, s, plain)
		}
	}
	subject := strings.TrimSpace(f.Subject.Kind + " " + f.Subject.ID)
	note("subject", subject)
	for _, r := range lines[1:] {
		note("because", r)
	}
	if f.Expected != nil || f.Actual != nil {
		note("expected", value(f.Expected))
		note("actual", value(f.Actual))
	}
	t.p.table(span{margin, blue}, evidence(f.Evidence))
	if t.verbose {
		for _, k := range slices.Sorted(maps.Keys(f.Custom)) {
			note("detail", k+" "+value(f.Custom[k]))
		}
	}
	for _, a := range f.Advice {
		note("advice", a)
	}
	if w := f.Waiver; w != nil {
		note("waived", waived(w))
		note("reason", w.Reason)
		note("instead", w.Compensation)
	}
	if fix && f.Outcome == finding.Fail {
		note("fix", f.Remediation)
	}
	note("id", abbreviate(f.ID))
}

func waived(w *finding.Waiver) string {
	s := "until " + cmp.Or(w.ExpiresOn, "further notice")
	if w.Owner != "" {
		s += " by " + w.Owner
	}
	if w.Approver != "" {
		s += ", approved by " + w.Approver
	}
	if at := w.Pos.String(); at != "" {
		s += ", " + at
	}
	return s
}

// evidence returns rows of label, what was read, its value, and where, which says
// whose it is if not the subject's. What several facts say alike is told once, of
// the first and how many more.
func evidence(all []finding.Evidence) [][]span {
	var rows [][]span
	var first []finding.Evidence
	var more []int
	for _, e := range all {
		if i := slices.IndexFunc(first, func(o finding.Evidence) bool { return toldBy(o, e) }); i >= 0 {
			if o := first[i]; o.Of != e.Of || o.Document != e.Document {
				more[i]++
			}
			continue
		}
		first, more = append(first, e), append(more, 0)
	}
	for i, e := range first {
		label, name := "read", attribute(e.Pointer)
		at := fact.Position{Source: e.Source, Line: e.Line, Column: e.Column}.String()
		if e.Parameter != "" {
			label, name = "setting", e.Parameter
			at = strings.TrimSpace(e.Origin + " " + at)
		}
		if e.Of.Kind != "" {
			at = strings.TrimSpace(at + " of " + e.Of.Kind + " " + e.Of.ID)
		}
		if more[i] > 0 {
			at += fmt.Sprintf(" and %d more", more[i])
		}
		rows = append(rows, []span{{pad(label, 8), dim}, text(name), text(value(e.Value)), {at, dim}})
	}
	return rows
}

// toldBy reports whether a row for one piece of evidence tells another: the same
// value of the same attribute, of facts of one kind.
func toldBy(a, b finding.Evidence) bool {
	return a.Parameter == b.Parameter && a.Origin == b.Origin && a.Of.Kind == b.Of.Kind && attribute(a.Pointer) == attribute(b.Pointer) && reflect.DeepEqual(a.Value, b.Value)
}

// attribute is the part of a pointer that says more than which item it is.
func attribute(pointer string) string {
	segments := fact.SplitPointer(pointer)
	if len(segments) >= 2 && segments[0] == "items" {
		segments = segments[2:]
	}
	if len(segments) == 0 {
		return "item"
	}
	return strings.Join(segments, "/")
}

// value renders v as JSON, as people read it: null is what is not known.
func value(v any) string {
	if v == nil {
		return "not known"
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "cannot be shown: " + err.Error()
	}
	return shorten(strings.TrimSuffix(b.String(), "\n"), 160)
}
