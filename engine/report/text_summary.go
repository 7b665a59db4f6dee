package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// diagnostics are what the check itself had trouble with.
func (t *textReport) diagnostics(all []fact.Diagnostic) {
	for i := range all {
		d := &all[i]
		st := red
		if d.Severity == "warning" {
			st = yellow
		}
		t.p.blank()
		t.p.prose([]span{{d.Severity, st}, {": ", bold}}, d.Summary, bold)
		code := diagnosticFrame(d)
		t.p.frame(1, code)
		margin := strings.Repeat(" ", 1+code.gutter) + " = "
		if d.Detail != "" {
			t.p.prose([]span{{margin, blue}}, d.Detail, plain)
		}
		if d.Hint != "" {
			t.p.prose([]span{{margin, blue}, {"hint: ", green}}, d.Hint, plain)
		}
	}
}

func (t *textReport) summary(s *finding.Summary) {
	if t.quiet && s.Exit == 0 {
		return
	}
	t.p.blank()
	if !t.quiet {
		t.p.line(span{"Summary", bold})
		t.counted(s)
	}
	t.result(s)
}

func (t *textReport) result(s *finding.Summary) {
	st := green
	if s.Exit != 0 {
		st = red
	}
	t.row(fmt.Sprintf("exit %d", s.Exit), s.ExitReason, st)
}

func (t *textReport) counted(s *finding.Summary) {
	t.row("outcomes", t.counts(s), plain)
	t.row("subjects", fmt.Sprint(s.Subjects), plain)
	if s.Advisory > 0 {
		t.row("advice", fmt.Sprintf("%d, which never gates", s.Advisory), plain)
	}
	t.notAsked(s.NotAsked)
	t.files(s.Files)
	if len(s.OpenArticles) > 0 {
		t.row("open", openArticles(s.OpenArticles), plain)
	}
	if n := s.Outcomes[finding.Pass] + s.Outcomes[finding.NotApplicable]; n > 0 && !t.verbose {
		t.row("hidden", fmt.Sprintf("%d that passed or do not apply; -v shows them", n), dim)
	}
}

func (t *textReport) row(name, s string, st style) {
	t.p.prose([]span{text("  "), {pad(name, 11), dim}}, s, st)
}

// counts names all six outcomes, and splits failures by severity.
func (t *textReport) counts(s *finding.Summary) string {
	var parts []string
	for _, o := range finding.Outcomes {
		part := fmt.Sprintf("%d %s", s.Outcomes[o], strings.ReplaceAll(string(o), "_", " "))
		if o == finding.Fail {
			part += t.severities()
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func (t *textReport) severities() string {
	counts := map[finding.Severity]int{}
	for _, f := range t.shown {
		if f.Outcome == finding.Fail && !f.Advisory {
			counts[f.Severity]++
		}
	}
	var parts []string
	for _, s := range slices.Backward(finding.Severities) {
		if counts[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[s], s))
		}
	}
	if parts == nil {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// notAsked says per kind what would have to be given to ask.
func (t *textReport) notAsked(all []finding.NotAsked) {
	name := "not asked"
	for _, k := range byKind(all) {
		t.row(name, k.String(), plain)
		name = ""
		if t.verbose {
			for _, c := range k.controls {
				t.row("", "- "+c, dim)
			}
		}
	}
}

func (t *textReport) files(f finding.Files) {
	t.row("files", fileCounts(f), plain)
	if !t.verbose {
		return
	}
	for _, r := range f.Reasons {
		for _, path := range r.Paths {
			t.row("", "- "+path+" ("+r.Reason+")", dim)
		}
	}
}
