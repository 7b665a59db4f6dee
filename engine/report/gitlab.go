package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// gitlabReport writes GitLab's code quality report, an array of issues each as it
// comes: first what the checked tree supplied to its own check, then what failed,
// could not be decided, or could not be read. What is
// waived is accepted and no issue; what passed never is. An issue needs a file, so
// one that belongs to none stands at the anchor, as in SARIF. GitLab compares
// fingerprints of two branches, which is what the id of a finding is for.
type gitlabReport struct {
	w      *bufio.Writer
	opts   Options
	run    *finding.Run
	anchor string
	issues int
}

// gitlabIssue is an issue of the subset of Code Climate's format that GitLab reads.
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"` // info minor major critical blocker
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
}

func newGitLab(w io.Writer, opts Options) finding.Handler {
	return &gitlabReport{w: bufio.NewWriter(w), opts: opts}
}

func (r *gitlabReport) Handle(m *finding.Message) error {
	switch {
	case m.Run != nil:
		r.run, r.anchor = m.Run, anchorPath(m.Run, r.opts)
		r.w.WriteString("[")
		for _, sup := range weakerFirst(m.Run.Supplied) {
			if err := r.issue(r.supplied(sup)); err != nil {
				return err
			}
		}
	case m.Finding != nil:
		switch f := m.Finding; f.Outcome {
		case finding.Fail, finding.Unknown, finding.Error:
			return r.issue(r.finding(f))
		}
	case m.Summary != nil:
		for i := range m.Summary.Diagnostics {
			if d := &m.Summary.Diagnostics[i]; spoils(d) {
				if err := r.issue(r.diagnostic(d)); err != nil {
					return err
				}
			}
		}
		r.w.WriteString("\n]\n")
		return r.w.Flush()
	}
	return nil
}

func (r *gitlabReport) issue(issue gitlabIssue) error {
	line, err := marshal(issue)
	if err != nil {
		return fmt.Errorf("report: encode issue %s: %w", issue.Fingerprint, err)
	}
	if r.issues++; r.issues > 1 {
		r.w.WriteByte(',')
	}
	r.w.WriteByte('\n')
	_, err = r.w.Write(line)
	return err
}

func (r *gitlabReport) finding(f *finding.Finding) gitlabIssue {
	path, line, _, ok := treePath(f)
	if !ok {
		path, line = r.anchor, 1
	}
	return gitlabIssue{
		Description: visible(shorten(joined(": ", f.Target, subject(f), headline(f)), longest)),
		CheckName:   ruleID(f.Control),
		Fingerprint: visible(cmp.Or(f.ID, finding.ID(f.Control, f.Subject.Kind, f.Target, f.Subject.ID, f.Key))),
		Severity:    gitlabSeverity(r.run, f),
		Location:    gitlabLocation{path, gitlabLines{line}},
	}
}

// gitlabSeverity maps severities one by one. What is not decided has none: it is
// major where it stops the gate.
func gitlabSeverity(run *finding.Run, f *finding.Finding) string {
	switch {
	case f.Advisory:
		return "info"
	case f.Outcome != finding.Fail && stops(run, f):
		return "major"
	case f.Outcome != finding.Fail:
		return "info"
	}
	switch f.Severity {
	case finding.Critical:
		return "blocker"
	case finding.High:
		return "critical"
	case finding.Low:
		return "minor"
	}
	return "major"
}

// supplied is major where it loosens the check.
func (r *gitlabReport) supplied(s finding.Supply) gitlabIssue {
	file, line, _ := sourcePlace(s.Source)
	id := finding.ID(suppliedByTree, s.What, file, s.Name, "")
	if _, ok := fileURI(file); !ok {
		file, line = r.anchor, 1
	}
	severity := "info"
	if s.Weaker && !s.Inert {
		severity = "major"
	}
	return gitlabIssue{
		Description: visible(shorten("supplied by the checked tree itself: "+supplied(s), longest)),
		CheckName:   suppliedByTree,
		Fingerprint: id,
		Severity:    severity,
		Location:    gitlabLocation{file, gitlabLines{max(1, line)}},
	}
}

func (r *gitlabReport) diagnostic(d *fact.Diagnostic) gitlabIssue {
	path, line := r.anchor, 1
	if _, ok := fileURI(d.Pos.Source); ok {
		path, line = d.Pos.Source, max(1, d.Pos.Line)
	}
	return gitlabIssue{
		Description: visible(shorten(joined(": ", "an input could not be used", problem(d)), longest)),
		CheckName:   unusableInput,
		Fingerprint: finding.ID(unusableInput, d.Pos.Source, d.Summary, d.Detail, fmt.Sprint(d.Pos.Line, d.Pos.Column)),
		Severity:    "critical",
		Location:    gitlabLocation{path, gitlabLines{line}},
	}
}
