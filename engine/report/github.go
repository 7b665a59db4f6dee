package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// GitHub shows ten annotations of each level of one step, and drops the others
// without a word.
const mostAnnotations = 10

// longestTitle is what the interface shows of a title.
const longestTitle = 255

// githubReport writes annotations as workflow commands for a runner's log: the most
// severe of each level, up to what GitHub shows. The last line counts what had no
// room. Held are those annotations alone.
type githubReport struct {
	w      *bufio.Writer
	run    *finding.Run
	levels [3]annotations
}

// annotations are the findings of one level.
type annotations struct {
	shortlist
	total int
}

const (
	githubError = iota
	githubWarning
	githubNotice
)

func newGitHub(w io.Writer, _ Options) finding.Handler {
	r := &githubReport{w: bufio.NewWriter(w)}
	for i := range r.levels {
		r.levels[i].limit = mostAnnotations
	}
	r.levels[githubNotice].limit-- // the last one sums up
	return r
}

func (r *githubReport) Handle(m *finding.Message) error {
	switch {
	case m.Run != nil:
		r.run = m.Run
	case m.Finding != nil:
		f := m.Finding
		switch f.Outcome {
		case finding.Pass, finding.NotApplicable:
			if len(f.Advice) == 0 {
				return nil
			}
		case finding.Waived:
			return nil // accepted; the last line counts it
		}
		level := &r.levels[githubLevel(r.run, f)]
		level.total++
		level.add(f)
	case m.Summary != nil:
		return r.write(m.Summary)
	}
	return nil
}

// githubLevel follows severity, as SARIF does; what is not decided is an error
// where it stops the gate.
func githubLevel(run *finding.Run, f *finding.Finding) int {
	switch {
	case f.Advisory:
		return githubNotice
	case f.Outcome == finding.Error, f.Outcome == finding.Unknown && stops(run, f):
		return githubError
	case f.Outcome != finding.Fail:
		return githubNotice
	}
	switch f.Severity {
	case finding.Critical, finding.High:
		return githubError
	case finding.Low:
		return githubNotice
	}
	return githubWarning
}

func (r *githubReport) write(s *finding.Summary) error {
	r.supplied()
	errors := 0
	for i := range s.Diagnostics {
		d := &s.Diagnostics[i]
		if !spoils(d) {
			continue
		}
		if errors++; errors > mostAnnotations/2 {
			continue
		}
		at := ""
		if _, ok := fileURI(d.Pos.Source); ok {
			at = githubPlace(d.Pos.Source, max(1, d.Pos.Line), d.Pos.Column)
		}
		r.command("error", at, "an input could not be used", problem(d))
	}
	r.levels[githubError].limit -= min(errors, mostAnnotations/2)
	r.levels[githubError].total += errors
	shown := min(errors, mostAnnotations/2)
	for i, name := range [...]string{"error", "warning", "notice"} {
		list := r.levels[i].all()
		list = list[:min(len(list), r.levels[i].limit)]
		for _, f := range list {
			r.finding(name, f)
		}
		shown += len(list)
	}
	total := 0
	for i := range r.levels {
		total += r.levels[i].total
	}
	r.command("notice", "", "writ: "+s.ExitReason, r.sum(s, total-shown))
	return r.w.Flush()
}

// supplied comes first: it decides how far the rest can be trusted. It takes the
// place of one finding of its level.
func (r *githubReport) supplied() {
	if len(r.run.Supplied) == 0 {
		return
	}
	name, level := "notice", &r.levels[githubNotice]
	if loosens(r.run.Supplied) {
		name, level = "warning", &r.levels[githubWarning]
	}
	level.limit--
	var lines []string
	for _, s := range weakerFirst(r.run.Supplied) {
		lines = append(lines, supplied(s))
	}
	r.command(name, "", "supplied by the checked tree itself", strings.Join(lines, "\n"))
}

// sum counts everything, what has no annotation of its own included.
func (r *githubReport) sum(s *finding.Summary, rest int) string {
	lines := []string{fmt.Sprintf("exit %d: %s", s.Exit, s.ExitReason), outcomeCounts(s)}
	if rest > 0 {
		lines = append(lines, fmt.Sprintf("%d more have no annotation: GitHub shows %d of each level of a step", rest, mostAnnotations))
	}
	for _, k := range byKind(s.NotAsked) {
		lines = append(lines, "not asked: "+k.String())
	}
	if len(s.OpenArticles) > 0 {
		lines = append(lines, "open: "+openArticles(s.OpenArticles))
	}
	return strings.Join(lines, "\n")
}

// outcomeCounts names all six outcomes.
func outcomeCounts(s *finding.Summary) string {
	var parts []string
	for _, o := range finding.Outcomes {
		parts = append(parts, fmt.Sprintf("%d %s", s.Outcomes[o], outcomeName(o)))
	}
	return strings.Join(parts, ", ")
}

func (r *githubReport) finding(level string, f *finding.Finding) {
	at := ""
	if file, line, column, ok := treePath(f); ok {
		at = githubPlace(file, line, column)
	}
	lines := account(f, 3)
	if f.Outcome != finding.Fail || f.Advisory {
		lines[0] = headline(f)
	}
	title := joined(" ", string(f.Severity), f.Control)
	if f.Title != "" {
		title += ": " + f.Title
	}
	r.command(level, at, title, strings.Join(lines, "\n"))
}

// githubPlace are the properties of a place.
func githubPlace(file string, line, column int) string {
	at := fmt.Sprintf("file=%s,line=%d", githubProperty(file), line)
	if column > 0 {
		at += fmt.Sprintf(",col=%d", column)
	}
	return at
}

// command writes ::level properties,title=…::message, one line of the log.
func (r *githubReport) command(level, at, title, message string) {
	if at != "" {
		at += ","
	}
	fmt.Fprintf(r.w, "::%s %stitle=%s::%s\n", level, at, githubProperty(shorten(title, longestTitle)), githubData(message))
}

// githubData escapes a message as the runner reads it: its own three characters,
// and, as in text, what a terminal or an older runner would obey.
func githubData(s string) string {
	lines := strings.Split(shorten(s, 4*longest), "\n")
	for i, l := range lines {
		lines[i] = muteMarker(visible(l))
	}
	return githubDataEscaper.Replace(strings.Join(lines, "\n"))
}

var githubDataEscaper = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")

// githubProperty escapes a property, which a colon or a comma would end.
func githubProperty(s string) string {
	return githubPropertyEscaper.Replace(muteMarker(visible(s)))
}

var githubPropertyEscaper = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
