package report

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// junitReport writes JUnit's XML as Jenkins, GitLab and Azure read it: a test suite
// per target, a test case per control and subject. Those systems know red, yellow
// and green, so red is what the gate stops, as the exit status says it:
//
//   - failure: a failure that the gate stops;
//   - error: an error, and an unknown that the gate stops;
//   - skipped, with the reason: what is waived, not applicable, advice, any other
//     unknown, and failures that the gate lets through;
//   - nothing: a pass, and only a pass.
//
// The first suite is the run itself: its case is an error if an input could not be
// used or the exit status is 2 or 3. The counts of a suite stand before its cases,
// so these wait, rendered.
type junitReport struct {
	w       *bufio.Writer
	verbose bool
	run     *finding.Run
	suites  []*junitSuite
	index   map[string]*junitSuite
}

type junitSuite struct {
	name                             string
	tests, failures, errors, skipped int
	cases                            bytes.Buffer
}

func newJUnit(w io.Writer, opts Options) finding.Handler {
	return &junitReport{w: bufio.NewWriter(w), verbose: opts.Verbose, index: map[string]*junitSuite{}}
}

func (r *junitReport) Handle(m *finding.Message) error {
	switch {
	case m.Run != nil:
		r.run = m.Run
	case m.Finding != nil:
		if r.verbose || concerns(m.Finding) {
			r.suite(m.Finding.Target).add(r.run, m.Finding)
		}
	case m.Summary != nil:
		return r.write(m.Summary)
	}
	return nil
}

func (r *junitReport) suite(target string) *junitSuite {
	s, ok := r.index[target]
	if !ok {
		s = &junitSuite{name: target}
		r.index[target] = s
		r.suites = append(r.suites, s)
	}
	return s
}

func (s *junitSuite) add(run *finding.Run, f *finding.Finding) {
	s.begin(ruleID(f.Control), subject(f))
	if file, line, _, ok := treePath(f); ok {
		fmt.Fprintf(&s.cases, ` file="%s" line="%d"`, xmlText(file), line)
	}
	s.cases.WriteByte('>')
	switch {
	case f.Outcome == finding.Fail && stops(run, f):
		s.failures++
		s.result("failure", string(f.Severity), headline(f), account(f, mostRead))
	case stops(run, f):
		s.errors++
		s.result("error", string(f.Outcome), headline(f), account(f, mostRead))
	case f.Outcome != finding.Pass:
		s.skipped++
		s.result("skipped", "", let(run, f), nil)
	case len(f.Advice) > 0:
		fmt.Fprintf(&s.cases, "<system-out>%s</system-out>", xmlText("advice: "+strings.Join(f.Advice, "\n")))
	}
	s.cases.WriteString("</testcase>\n")
}

// let says why the gate let a finding through.
func let(run *finding.Run, f *finding.Finding) string {
	line := headline(f)
	switch {
	case f.Outcome != finding.Fail || f.Advisory:
		return line
	case f.Baseline == "known":
		return joined(": ", "fail "+string(f.Severity)+", known since the baseline", line)
	}
	return joined(": ", "fail "+string(f.Severity)+", below the gate "+run.Gate, line)
}

func (s *junitSuite) begin(class, name string) {
	s.tests++
	fmt.Fprintf(&s.cases, `<testcase classname="%s" name="%s" time="0"`, xmlText(class), xmlText(name))
}

func (s *junitSuite) result(element, kind, message string, body []string) {
	fmt.Fprintf(&s.cases, `<%s`, element)
	if kind != "" {
		fmt.Fprintf(&s.cases, ` type="%s"`, xmlText(kind))
	}
	fmt.Fprintf(&s.cases, ` message="%s"`, xmlText(message))
	if len(body) == 0 {
		s.cases.WriteString("/>")
		return
	}
	for i, line := range body {
		body[i] = xmlText(line)
	}
	fmt.Fprintf(&s.cases, ">%s</%s>", strings.Join(body, "\n"), element)
}

func (r *junitReport) write(s *finding.Summary) error {
	r.w.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")
	for id, suite := range append([]*junitSuite{r.itself(s)}, r.suites...) {
		name := xmlText(suite.name)
		fmt.Fprintf(r.w, `<testsuite id="%d" name="%s" package="%s" hostname="localhost" timestamp="%s" time="0" tests="%d" failures="%d" errors="%d" skipped="%d">`+"\n",
			id, name, name, r.run.Now.UTC().Format("2006-01-02T15:04:05"), suite.tests, suite.failures, suite.errors, suite.skipped)
		r.w.WriteString("<properties>")
		if id == 0 {
			for _, p := range r.properties(s) {
				fmt.Fprintf(r.w, "\n<property name=\"%s\" value=\"%s\"/>", p[0], xmlText(p[1]))
			}
		}
		r.w.WriteString("</properties>\n")
		r.w.Write(suite.cases.Bytes())
		r.w.WriteString("<system-out></system-out>\n<system-err></system-err>\n</testsuite>\n")
	}
	r.w.WriteString("</testsuites>\n")
	return r.w.Flush()
}

// itself is the suite of the run: a report without findings is not green if the
// run had no way to make any.
func (r *junitReport) itself(s *finding.Summary) *junitSuite {
	suite := &junitSuite{name: "writ"}
	suite.begin("writ.run", strings.Join(r.run.Sources, " "))
	suite.cases.WriteByte('>')
	var problems []string
	for i := range s.Diagnostics {
		if d := &s.Diagnostics[i]; spoils(d) {
			problems = append(problems, strings.TrimPrefix(d.Pos.String()+": ", ": ")+problem(d))
		}
	}
	if len(problems) > 0 || s.Exit > 1 {
		suite.errors++
		suite.result("error", fmt.Sprintf("exit %d", s.Exit), s.ExitReason, append([]string{s.ExitReason}, problems...))
	}
	suite.cases.WriteString("</testcase>\n")
	return suite
}

// properties say under what the run stands.
func (r *junitReport) properties(s *finding.Summary) [][2]string {
	all := [][2]string{
		{"version", r.run.Version}, {"gate", r.run.Gate}, {"strict", fmt.Sprint(r.run.Strict)}, {"exit", fmt.Sprintf("%d %s", s.Exit, s.ExitReason)},
		{"outcomes", outcomeCounts(s)}, {"files", fileCounts(s.Files)},
		{"digest.policies", r.run.Digests.Policies}, {"digest.register", r.run.Digests.Register},
		{"digest.parameters", r.run.Digests.Parameters}, {"digest.documents", r.run.Digests.Documents},
	}
	for _, sup := range weakerFirst(r.run.Supplied) {
		all = append(all, [2]string{"supplied", supplied(sup)})
	}
	for _, k := range byKind(s.NotAsked) {
		all = append(all, [2]string{"not asked", k.String()})
	}
	if len(s.OpenArticles) > 0 {
		all = append(all, [2]string{"open", openArticles(s.OpenArticles)})
	}
	return all
}

// xmlText is s for an element or an attribute, without the characters that XML 1.0
// forbids even as references, and without what a CI runner would obey if the report
// went to its log.
func xmlText(s string) string {
	s = strings.TrimLeft(visible(shorten(s, longest)), " ")
	return xmlEscaper.Replace(muteMarker(muteCommand(s)))
}

var xmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")
