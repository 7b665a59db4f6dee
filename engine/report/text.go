package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/writ-policy/writ/engine/finding"
)

// textReport is for people. Findings are grouped, so they wait for the summary;
// those that are not shown are not kept.
type textReport struct {
	p       *printer
	verbose bool
	quiet   bool
	run     *finding.Run
	shown   []*finding.Finding
	drawing drawing
	// advised holds the first target under which a control's remediation stands.
	advised map[string]string
}

func newText(w io.Writer, opts Options) finding.Handler {
	return &textReport{p: newPrinter(w, opts), verbose: opts.Verbose, quiet: opts.Quiet, advised: map[string]string{}}
}

// Kinds are those that it draws.
func (t *textReport) Kinds() []string {
	if !t.verbose {
		return nil
	}
	return drawnKinds()
}

func (t *textReport) Handle(m *finding.Message) error {
	switch {
	case m.Run != nil:
		t.run = m.Run
	case m.Finding != nil:
		if t.verbose || concerns(m.Finding) {
			t.shown = append(t.shown, m.Finding)
		}
	case m.Item != nil && t.verbose:
		t.drawing.add(m.Item)
	case m.Summary != nil:
		t.header()
		t.supplied()
		t.findings()
		t.drawn()
		t.diagnostics(m.Summary.Diagnostics)
		t.summary(m.Summary)
		return t.p.w.Flush()
	}
	return nil
}

// concerns reports whether someone has to look at f: anything but a pass or a
// subject that a control does not apply to, unless it comes with advice.
func concerns(f *finding.Finding) bool {
	return f.Outcome != finding.Pass && f.Outcome != finding.NotApplicable || len(f.Advice) > 0
}

func (t *textReport) header() {
	if t.quiet {
		return
	}
	run := t.run
	t.p.prose([]span{{"writ", bold}, text(" " + run.Version + "  ")}, strings.Join(run.Sources, " "), plain)
	facts := []string{run.Now.UTC().Format(time.RFC3339)}
	if run.Gate != "" {
		facts = append(facts, "gate "+run.Gate)
	}
	if run.Strict {
		facts = append(facts, "strict")
	}
	t.p.prose(nil, strings.Join(facts, ", "), dim)
	var digests []string
	for _, d := range []struct{ name, digest string }{
		{"policies", run.Digests.Policies},
		{"register", run.Digests.Register},
		{"parameters", run.Digests.Parameters},
		{"facts", run.Digests.Documents},
	} {
		if d.digest != "" {
			digests = append(digests, d.name+" "+abbreviate(d.digest))
		}
	}
	if digests != nil {
		t.p.prose(nil, strings.Join(digests, ", "), dim)
	}
}

// abbreviate shows enough of a digest to tell two apart.
func abbreviate(digest string) string {
	digest = strings.TrimPrefix(digest, "sha256:")
	if len(digest) > 12 {
		return digest[:12]
	}
	return digest
}

// supplied lists what the checked tree contributed to its own check, what is
// weaker than the default first. It stands before any finding, because it
// decides how far the findings can be trusted.
func (t *textReport) supplied() {
	if len(t.run.Supplied) == 0 {
		return
	}
	t.p.blank()
	t.p.line(span{"Supplied by the checked tree itself", bold})
	var rows [][]span
	for _, s := range weakerFirst(t.run.Supplied) {
		mark, note := text(" "), text("")
		if s.Weaker {
			mark, note = span{"!", yellow}, span{"weaker than the default", yellow}
		}
		if s.Inert {
			mark, note = text("-"), text("inert: the trusted configuration decides")
		}
		rows = append(rows, []span{mark, text(s.What), text(s.Name), {s.Source, dim}, note})
	}
	t.p.table(text("  "), rows)
}

func plural(n int, one string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %ss", n, one)
}
