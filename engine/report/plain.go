package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// stops reports whether the gate of a run holds a finding up: the rule of the exit
// status, for formats whose readers know red and not red only.
func stops(run *finding.Run, f *finding.Finding) bool {
	if f.Advisory {
		return false
	}
	switch f.Outcome {
	case finding.Fail:
		return run.Gate != "none" && f.Severity.Rank() >= finding.Severity(run.Gate).Rank() && f.Baseline != "known"
	case finding.Error:
		return true
	case finding.Unknown:
		return f.GateUnknown || run.Strict
	}
	return false
}

// outcomeName is an outcome as people write it.
func outcomeName(o finding.Outcome) string { return strings.ReplaceAll(string(o), "_", " ") }

// headline says a finding in one line, with its outcome where it did not fail.
func headline(f *finding.Finding) string {
	line := strings.Join(said(f), "; ")
	switch {
	case f.Advisory:
		return joined(": ", "advice", line)
	case f.Outcome == finding.Fail:
		return cmp.Or(line, f.Title, "failed")
	case f.Outcome == finding.Waived && f.Waiver != nil:
		return joined(": ", "waived "+waived(f.Waiver), f.Waiver.Reason, line)
	}
	return joined(": ", outcomeName(f.Outcome), line)
}

// subject names what a finding is about: its fact, else its target.
func subject(f *finding.Finding) string {
	s := strings.TrimSpace(f.Subject.Kind + " " + f.Subject.ID)
	if f.Key != "" {
		s += " (" + f.Key + ")"
	}
	return cmp.Or(s, f.Target)
}

// account tells a finding in lines, the first reads values of its evidence included.
func account(f *finding.Finding, reads int) []string {
	lines := said(f)
	if len(lines) == 0 {
		lines = []string{outcomeName(f.Outcome)}
	}
	if at := place(f.Location); at != "" {
		lines = append(lines, "at "+at)
	}
	lines = append(lines, strings.TrimPrefix(f.Target+": "+subject(f), ": "))
	if f.Expected != nil || f.Actual != nil {
		lines = append(lines, "expected "+value(f.Expected)+", actual "+value(f.Actual))
	}
	for i, e := range f.Evidence {
		if i == reads {
			lines = append(lines, fmt.Sprintf("and %d more", len(f.Evidence)-i))
			break
		}
		lines = append(lines, readLine(e))
	}
	for _, a := range f.Advice {
		lines = append(lines, "advice: "+a)
	}
	if w := f.Waiver; w != nil {
		lines = append(lines, joined(": ", "waived "+waived(w), w.Reason))
		if w.Compensation != "" {
			lines = append(lines, "instead: "+w.Compensation)
		}
	}
	if f.Remediation != "" && (f.Outcome == finding.Fail || f.Outcome == finding.Waived) {
		lines = append(lines, "fix: "+f.Remediation)
	}
	if len(f.GDPR) > 0 {
		lines = append(lines, supports(f.GDPR))
	}
	return lines
}

// problem says a diagnostic in one line.
func problem(d *fact.Diagnostic) string { return joined(": ", d.Summary, d.Detail, d.Hint) }

// spoils reports whether a diagnostic is more than a warning: then the run did not
// see all that it was to see, which every format has to say.
func spoils(d *fact.Diagnostic) bool { return d.Severity != "warning" }

// suppliedByTree stands where the name of a control would, for what the checked tree
// contributed to its own check.
const suppliedByTree = "writ.supplied"

// supplied says in one line what a tree supplied to its own check.
func supplied(s finding.Supply) string {
	line := joined(" ", s.What, s.Name)
	if s.Source != "" {
		line += " (" + s.Source + ")"
	}
	switch {
	case s.Inert:
		return line + ", inert: the trusted configuration decides"
	case s.Weaker:
		return line + ", weaker than the default"
	}
	return line
}

// sourcePlace takes "file:line:column" apart; parts that are missing are 0.
func sourcePlace(s string) (file string, line, column int) {
	file = sourceFile(s)
	fmt.Sscanf(strings.TrimPrefix(s, file), ":%d:%d", &line, &column) //nolint:errcheck // what is missing stays 0
	return file, line, column
}

// loosens reports whether anything a tree supplied to its own check lets through what
// the default would not.
func loosens(all []finding.Supply) bool {
	return slices.ContainsFunc(all, func(s finding.Supply) bool { return s.Weaker && !s.Inert })
}

// treePath is a path within the repository as CI systems take it, and whether it is
// one.
func treePath(f *finding.Finding) (file string, line, column int, ok bool) {
	if l := f.Location; l != nil {
		if _, ok := fileURI(l.URI); ok {
			return l.URI, max(1, l.StartLine), max(0, l.Column), true
		}
	}
	if inTree(f.Target) {
		for _, e := range f.Evidence {
			if _, ok := fileURI(e.Source); ok && e.Line > 0 {
				return e.Source, e.Line, max(0, e.Column), true
			}
		}
	}
	return "", 0, 0, false
}
