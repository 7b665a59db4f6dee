// Package report renders the messages of a run. A format is a handler of that
// stream and of nothing else, so a saved report can be replayed in any format.
//
// Strings that come from inputs are hostile in output too. Each format
// neutralises them in its own way, and one corpus of hostile strings goes
// through every field of every format in the tests.
//
// Findings arrive redacted: nothing here knows a secret, so nothing here hides
// one.
package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/writ-policy/writ/engine/finding"
)

// Schema is the version that a json or jsonl report states.
const Schema = "writ.report/v1"

// Options say how a report is to look. The zero value is right for a file.
type Options struct {
	// Verbose adds what passed or was not applicable, and names every skipped
	// file and every control that was not asked. The json and jsonl reports are
	// the record of a run and always whole.
	Verbose bool
	// Quiet leaves in text what someone has to act on: findings, problems, what the
	// tree supplied, and the exit status if it is not 0.
	Quiet bool
	// Color allows terminal colours in text. Whoever asks has looked at the
	// terminal and at NO_COLOR.
	Color bool
	// Width of text in columns; 0 is 100, and it never goes below 40.
	Width int
	// Category tells runs of one commit apart in SARIF, so that one does not
	// close the other's alerts; "" derives it from the sources.
	Category string
	// Anchor is the file that SARIF shows a finding at which belongs to no file;
	// "" is the register or fact document named in the run, else writ.hcl.
	Anchor string
}

type format struct {
	name string
	open func(io.Writer, Options) finding.Handler
}

func formats() []format {
	return []format{
		{"text", newText},
		{"json", newJSON},
		{"jsonl", newJSONLines},
		{"sarif", newSARIF},
		{"junit", newJUnit},
		{"github", newGitHub},
		{"gitlab", newGitLab},
		{"markdown", newMarkdown},
		{"csv", newCSV},
		{"html", newHTML},
	}
}

// Formats lists the names that [New] knows, the default first.
func Formats() []string {
	var names []string
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// New returns a handler that writes one report to w. The report is whole, and
// flushed, when the handler has returned from the summary; a stream without one
// leaves a report that [Replay] refuses. The handler keeps messages, so they
// must not change once handed over.
func New(name string, w io.Writer, opts Options) (finding.Handler, error) {
	for _, f := range formats() {
		if f.name == name {
			return &ordered{next: f.open(w, opts)}, nil
		}
	}
	return nil, fmt.Errorf("unknown report format %q: known are %s", name, strings.Join(Formats(), ", "))
}

// ordered holds a stream to its order, so that formats can rely on it: one run,
// then anything, then one summary.
type ordered struct {
	next         finding.Handler
	begun, ended bool
}

// Kinds are those that the format asks for.
func (o *ordered) Kinds() []string {
	if a, ok := o.next.(finding.Asker); ok {
		return a.Kinds()
	}
	return nil
}

func (o *ordered) Handle(m *finding.Message) error {
	switch {
	case o.ended:
		return fmt.Errorf("report: message after the summary")
	case m.Run != nil && o.begun:
		return fmt.Errorf("report: second run in one stream")
	case m.Run == nil && !o.begun:
		return fmt.Errorf("report: message before the run")
	}
	o.begun = true
	o.ended = m.Summary != nil
	return o.next.Handle(m)
}
