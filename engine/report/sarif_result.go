package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

func (r *sarifReport) result(f *finding.Finding) sarifResult {
	kind, level := kindLevel(f)
	id := visible(cmp.Or(f.ID, finding.ID(f.Control, f.Subject.Kind, f.Target, f.Subject.ID, f.Key)))
	result := sarifResult{
		RuleID: ruleID(f.Control), RuleIndex: r.index[f.Control],
		Kind: kind, Level: level,
		Message:   sarifMessage{Text: r.message(f)},
		Locations: locations(f, r.anchor),
		Related:   related(f),
		// GitHub tells alerts apart by the first alone, and takes it for opaque.
		Fingerprints: map[string]string{"primaryLocationLineHash": id, "writ/v1": id},
		Properties:   map[string]string{"outcome": string(f.Outcome), "severity": string(f.Severity), "target": visible(f.Target)},
	}
	switch f.Baseline {
	case "new":
		result.Baseline = "new"
	case "known":
		result.Baseline = "unchanged"
	}
	if f.Outcome == finding.Waived {
		result.Suppressions = []sarifSuppression{suppression(f.Waiver)}
	}
	seen := map[int]bool{}
	for _, a := range f.GDPR {
		i, ok := r.articles[visible(a)]
		if ok && !seen[i] {
			seen[i] = true
			result.Taxa = append(result.Taxa, sarifRuleRef{ID: visible(a), Index: &i, Component: &sarifComponentRef{"GDPR", gdprTaxonomy}})
		}
	}
	return result
}

// kindLevel maps an outcome; the standard wants the level none for whatever did
// not fail.
func kindLevel(f *finding.Finding) (kind, lvl string) {
	switch f.Outcome {
	case finding.Pass:
		return "pass", "none"
	case finding.NotApplicable:
		return "notApplicable", "none"
	case finding.Unknown, finding.Error:
		return "open", "none"
	}
	if f.Advisory {
		return "fail", "note"
	}
	lvl, _ = level(f.Severity)
	return "fail", lvl
}

// suppression states who waived a finding, until when and why. The waiver stands
// in the register, so it is external even if that is a file beside the code.
func suppression(w *finding.Waiver) sarifSuppression {
	s := sarifSuppression{Kind: "external", Status: "accepted"}
	if w == nil {
		return s
	}
	s.Justification = sarifText(w.Reason) + " (" + sarifText(waived(w)) + ")"
	if at := diagnosticLocations(w.Pos); at != nil {
		s.Location = &at[0]
	}
	return s
}

// mostRead is how many values a message names; the json report has all.
const mostRead = 12

// message is what code scanning shows of a finding, beside the help of its rule.
func (r *sarifReport) message(f *finding.Finding) string {
	lines := said(f)
	if len(lines) == 0 {
		lines = []string{strings.ReplaceAll(string(f.Outcome), "_", " ")}
	}
	subject := strings.TrimSpace(f.Subject.Kind + " " + f.Subject.ID)
	lines = append(lines, strings.TrimPrefix(f.Target+": "+subject, ": "))
	if f.Expected != nil || f.Actual != nil {
		lines = append(lines, "expected "+value(f.Expected)+", actual "+value(f.Actual))
	}
	for i, e := range f.Evidence {
		if i == mostRead {
			lines = append(lines, fmt.Sprintf("and %d more", len(f.Evidence)-i))
			break
		}
		lines = append(lines, readLine(e))
	}
	for _, a := range f.Advice {
		lines = append(lines, "advice: "+a)
	}
	if c := r.controls[f.Control]; c != nil && f.Outcome == finding.Fail && f.Remediation != c.Remediation {
		lines = append(lines, "fix: "+f.Remediation)
	}
	if f.Baseline == "known" {
		lines = append(lines, "known since the baseline")
	}
	if len(f.GDPR) > 0 {
		lines = append(lines, supports(f.GDPR))
	}
	for i, l := range lines {
		lines[i] = sarifText(l)
	}
	return strings.Join(lines, "\n")
}

func readLine(e finding.Evidence) string {
	at := fact.Position{Source: e.Source, Line: e.Line, Column: e.Column}.String()
	name := attribute(e.Pointer)
	if e.Of.Kind != "" {
		name += " of " + e.Of.Kind + " " + e.Of.ID
	}
	line := "read " + name + " = " + value(e.Value)
	if e.Parameter != "" {
		line = "setting " + e.Parameter + " = " + value(e.Value)
		at = strings.TrimSpace(e.Origin + " " + at)
	}
	if at != "" {
		line += " (" + at + ")"
	}
	return line
}
