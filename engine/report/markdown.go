package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// markdownReport writes a job summary for GitHub, GitLab and others. Failures are
// listed by severity, the undecided by reason; the report is cut well below what
// GitHub takes and says how many it left out. Held are the findings listed, at most.
type markdownReport struct {
	w      *bufio.Writer
	run    *finding.Run
	short  shortlist
	counts map[finding.Severity]int
	open   undecided
	size   int // bytes written
}

const (
	// mostListed is how many findings a summary lists: who has more wants a page.
	mostListed = 400
	// longestCell is what a cell of a table shows, in characters.
	longestCell = 300
)

// Up to where each part may fill the report, in bytes. GitHub drops a summary that
// is larger than 1 MiB.
const (
	endSupplied  = 120 << 10
	endProblems  = 240 << 10
	endFailures  = 640 << 10
	endUndecided = 800 << 10
	endWaived    = 900 << 10
	endCoverage  = 960 << 10
)

func newMarkdown(w io.Writer, _ Options) finding.Handler {
	return &markdownReport{w: bufio.NewWriter(w), short: shortlist{limit: mostListed}, counts: map[finding.Severity]int{}}
}

func (r *markdownReport) Handle(m *finding.Message) error {
	switch {
	case m.Run != nil:
		r.run = m.Run
	case m.Finding != nil:
		f := m.Finding
		r.open.add(f)
		if f.Outcome == finding.Fail && !f.Advisory {
			r.counts[f.Severity]++
		}
		if f.Outcome == finding.Fail || f.Outcome == finding.Waived {
			r.short.add(f)
		}
	case m.Summary != nil:
		return r.write(m.Summary)
	}
	return nil
}

func (r *markdownReport) write(s *finding.Summary) error {
	r.head(s)
	r.supplied()
	r.outcomes(s)
	r.problems(s)
	r.failures()
	r.undecided()
	r.waived()
	r.coverage(s)
	return r.w.Flush()
}

func (r *markdownReport) line(format string, args ...any) {
	n, _ := fmt.Fprintf(r.w, format+"\n", args...)
	r.size += n
}

// list writes the first n of total rows, as long as the report stays below end, and
// how many are missing.
func (r *markdownReport) list(n, total, end int, row func(int) string, missing string) {
	shown := 0
	for ; shown < n; shown++ {
		line := row(shown)
		if r.size+len(line) > end {
			break
		}
		r.line("%s", line)
	}
	if shown < total {
		r.line(missing, total-shown)
	}
}

func (r *markdownReport) head(s *finding.Summary) {
	mark := map[int]string{0: "✅", 1: "❌", 2: "⛔", 3: "❔"}[s.Exit]
	r.line("## %s writ: exit %d, %s\n", mark, s.Exit, cell(s.ExitReason))
	r.line("%s; gate %s%s; %s\n", cell(strings.Join(r.run.Sources, " ")), cell(r.run.Gate), map[bool]string{true: ", strict"}[r.run.Strict],
		cell(r.run.Now.UTC().Format("2006-01-02 15:04 UTC")))
}

func (r *markdownReport) outcomes(s *finding.Summary) {
	var names, rule, counts []string
	for _, o := range finding.Outcomes {
		names, rule, counts = append(names, outcomeName(o)), append(rule, "---:"), append(counts, fmt.Sprint(s.Outcomes[o]))
	}
	r.line("| %s |\n| %s |\n| %s |\n", strings.Join(names, " | "), strings.Join(rule, " | "), strings.Join(counts, " | "))
}

// supplied stands before anything that was found: it decides how far that can be
// trusted.
func (r *markdownReport) supplied() {
	if len(r.run.Supplied) == 0 {
		return
	}
	r.line("### Supplied by the checked tree itself\n\n| | what | name | where |\n| --- | --- | --- | --- |")
	all := weakerFirst(r.run.Supplied)
	r.list(len(all), len(all), endSupplied, func(i int) string {
		s, note := all[i], ""
		switch {
		case s.Inert:
			note = "inert: the trusted configuration decides"
		case s.Weaker:
			note = "⚠️ weaker than the default"
		}
		return fmt.Sprintf("| %s | %s | %s | %s |", note, cell(s.What), cell(s.Name), cell(s.Source))
	}, "| %d more | | | |")
	r.line("")
}

func (r *markdownReport) problems(s *finding.Summary) {
	if len(s.Diagnostics) == 0 {
		return
	}
	r.line("### Inputs with problems\n")
	r.list(len(s.Diagnostics), len(s.Diagnostics), endProblems, func(i int) string {
		d, severity := &s.Diagnostics[i], "error"
		if !spoils(d) {
			severity = "warning"
		}
		return fmt.Sprintf("- **%s** %s %s", severity, link(d.Pos.Source, d.Pos.Line), cell(problem(d)))
	}, "- %d more")
	r.line("")
}

func (r *markdownReport) failures() {
	all := r.short.all()
	for _, sev := range []finding.Severity{finding.Critical, finding.High, finding.Medium, finding.Low, ""} {
		if r.counts[sev] == 0 {
			continue
		}
		r.findings(fmt.Sprintf("%d failed, %s severity", r.counts[sev], cmp.Or(sev, "no")), r.counts[sev], endFailures, slices.DeleteFunc(slices.Clone(all), func(f *finding.Finding) bool {
			return f.Outcome != finding.Fail || f.Advisory || f.Severity != sev
		}))
	}
}

// findings lists some of total findings.
func (r *markdownReport) findings(title string, total, end int, list []*finding.Finding) {
	r.line("### %s\n\n| control | subject | what | where |\n| --- | --- | --- | --- |", title)
	r.list(len(list), total, end, func(i int) string { return r.row(list[i]) }, "| %d more: the full report has them | | | |")
	r.line("")
}

func (r *markdownReport) row(f *finding.Finding) string {
	what := cell(headline(f))
	switch f.Baseline {
	case "known", "new":
		what += " (" + f.Baseline + ")"
	}
	control := cell(f.Control)
	if len(f.GDPR) > 0 {
		control += "<br>" + cell(supports(f.GDPR))
	}
	where := cell(f.Target)
	if file, line, _, ok := treePath(f); ok {
		where = link(file, line)
	}
	return fmt.Sprintf("| %s | %s | %s | %s |", control, cell(subject(f)), what, where)
}

func (r *markdownReport) undecided() {
	if len(r.open.order) == 0 {
		return
	}
	r.line("### Not decided\n\nWhat could not be decided did not pass.\n\n| control | subjects | why |\n| --- | ---: | --- |")
	r.list(len(r.open.order), len(r.open.order), endUndecided, func(i int) string {
		c := r.open.counts[r.open.order[i]]
		note := fmt.Sprint(c.errors + c.unknowns)
		if c.errors > 0 {
			note += fmt.Sprintf(", %d by an error", c.errors)
		}
		if c.blocks {
			note += ", blocks the gate"
		}
		var why []string
		for _, s := range c.reasons {
			why = append(why, cell(s))
		}
		return fmt.Sprintf("| %s | %s | %s |", cell(r.open.order[i]), note, strings.Join(why, "<br>"))
	}, "| %d more controls | | |")
	r.line("")
}

func (r *markdownReport) waived() {
	list := slices.DeleteFunc(r.short.all(), func(f *finding.Finding) bool { return f.Outcome != finding.Waived })
	if total := len(list) + r.short.left[finding.Waived]; total > 0 {
		r.findings(fmt.Sprintf("%d waived", total), total, endWaived, list)
	}
}

func (r *markdownReport) coverage(s *finding.Summary) {
	r.line("### Coverage\n\n- files: %s\n- subjects: %d", cell(fileCounts(s.Files)), s.Subjects)
	kinds := byKind(s.NotAsked)
	r.list(len(kinds), len(kinds), endCoverage, func(i int) string { return "- not asked: " + cell(kinds[i].String()) }, "- not asked: controls on %d more kinds")
	if s.Advisory > 0 {
		r.line("- advice: %d, which never gates", s.Advisory)
	}
	if len(s.OpenArticles) > 0 {
		r.line("- open: %s", cell(openArticles(s.OpenArticles)))
	}
	for _, d := range []struct{ name, digest string }{
		{"policies", r.run.Digests.Policies}, {"register", r.run.Digests.Register},
		{"parameters", r.run.Digests.Parameters}, {"facts", r.run.Digests.Documents},
	} {
		if d.digest != "" {
			r.line("- digest of %s: %s", d.name, cell(abbreviate(d.digest)))
		}
	}
	r.line("\nA pass supports an article; it never proves compliance. writ %s", cell(r.run.Version))
}

// cell is text in one cell of a table, or one item of a list.
func cell(s string) string {
	return strings.ReplaceAll(markdownText(shorten(s, longestCell)), "\n", " ")
}

// link points at a line of a file of the tree, relative to its root; what is no
// such file is named.
func link(source string, line int) string {
	uri, ok := fileURI(source)
	if !ok {
		return cell(source)
	}
	if line < 1 {
		return fmt.Sprintf("[%s](%s)", cell(source), uri)
	}
	return fmt.Sprintf("[%s](%s#L%d)", cell(fmt.Sprintf("%s:%d", source, line)), uri, line)
}
