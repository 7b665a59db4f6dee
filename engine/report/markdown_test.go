package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

var (
	markdownEscape = regexp.MustCompile(`\\.`)
	markdownEntity = regexp.MustCompile(`&(amp|lt|gt);`)
	markdownLink   = regexp.MustCompile(`\[[^][]*\]\([A-Za-z0-9%/._~#-]+\)`)
	markdownOwn    = regexp.MustCompile(`<br>|^#{2,3} |^- \*\*(error|warning)\*\* |^- |\| (---:?|\|)|^\|( ---:? \|)+$|https://`)
	// markdownLeft is what only text of ours may hold, once the above is taken away.
	markdownLeft = regexp.MustCompile("[][`*_<>~@$&#]|://")
)

// checkMarkdown takes away escapes and our own markup: no markup is left.
func checkMarkdown(t testing.TB, report []byte) {
	t.Helper()
	if len(report) > 1<<20 {
		t.Errorf("%d bytes are more than a step summary takes", len(report))
	}
	columns := 0
	for n, line := range strings.Split(string(report), "\n") {
		for _, r := range line {
			if visible(string(r)) != string(r) && r != '\ufe0f' {
				t.Errorf("line %d has a raw %U: %.200q", n+1, r, line)
				break
			}
		}
		rest := markdownEscape.ReplaceAllString(line, "E")
		rest = markdownEntity.ReplaceAllString(rest, "E")
		rest = markdownLink.ReplaceAllString(rest, "L")
		bars := strings.Count(rest, "|")
		if columns > 0 && strings.HasPrefix(rest, "|") && bars != columns {
			t.Errorf("line %d has %d bars, its table %d: %.300q", n+1, bars, columns, line)
		}
		columns = bars
		rest = markdownOwn.ReplaceAllString(rest, "")
		if at := markdownLeft.FindStringIndex(rest); at != nil {
			t.Errorf("line %d has markup at %q: %.300q", n+1, rest[at[0]:min(at[0]+20, len(rest))], line)
		}
	}
}

// However much there is and however long its names, the report stays below the
// limit and counts what it leaves out.
func TestMarkdownLimit(t *testing.T) {
	long := strings.Repeat("\U000e0041", 1000)
	run := &finding.Run{Gate: "low"}
	summary := &finding.Summary{Exit: 1}
	for range 3000 {
		run.Supplied = append(run.Supplied, finding.Supply{What: long, Name: long, Source: long})
		summary.Diagnostics = append(summary.Diagnostics, fact.Diagnostic{Severity: "error", Summary: long})
	}
	messages := []*finding.Message{{Run: run}}
	for i := range 3000 {
		f := &finding.Finding{Control: fmt.Sprint(long, i), Subject: finding.Subject{Kind: long, ID: long}, Message: long, Outcome: finding.Fail, Severity: finding.Low}
		switch i % 3 {
		case 1:
			f.Outcome = finding.Unknown
		case 2:
			f.Outcome = finding.Waived
		}
		messages = append(messages, &finding.Message{Finding: f})
		summary.NotAsked = append(summary.NotAsked, finding.NotAsked{Control: long, Kind: fmt.Sprint(i, long), Source: long})
	}
	out := render(t, "markdown", Options{}, append(messages, &finding.Message{Summary: summary}))
	checkMarkdown(t, out)
	for _, want := range []string{`\n\| \d+ more \| \| \| \|\n`, `\n- \d+ more\n`, `\n\| \d+ more: the full report has them `, `\n\| \d+ more controls \| \| \|\n`, `controls on \d+ more kinds`, `### 1000 failed, low severity`, `### 1000 waived`} {
		if !regexp.MustCompile(want).Match(out) {
			t.Errorf("no %s", want)
		}
	}
}
