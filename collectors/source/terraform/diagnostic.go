package terraform

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/writ-policy/writ/engine/fact"
)

const (
	severityError   = "error"
	severityWarning = "warning"
	// severityFatal is an error about a file that cannot be used at all.
	severityFatal = "fatal"
)

// report identifies a diagnostic: the same problem is told once, however many
// instances meet it.
type report struct {
	path    string
	byte    int
	summary string
}

// maxDiagnostics bounds the diagnostics of one root module.
const maxDiagnostics = 2000

func (ev *evaluation) problem(severity string, rng hcl.Range, summary, detail, hint string) {
	key := report{rng.Filename, rng.Start.Byte, summary}
	fatal := severity == severityFatal
	if _, told := ev.reported[key]; told || len(ev.root.Diagnostics) > maxDiagnostics && !fatal {
		return
	}
	ev.reported[key] = struct{}{}
	if fatal {
		severity = severityError
	} else if len(ev.root.Diagnostics) == maxDiagnostics {
		severity, summary, detail, hint = severityWarning, "more problems are not listed", "", ""
	}
	ev.root.Diagnostics = append(ev.root.Diagnostics, Diagnostic{
		Severity: severity, Summary: summary, Detail: detail, Hint: hint,
		Pos:  position(rng),
		Line: ev.sources[rng.Filename].line(rng.Start.Byte), Fatal: fatal,
	})
}

func (ev *evaluation) warn(rng hcl.Range, summary, hint string) {
	ev.problem(severityWarning, rng, summary, "", hint)
}

func (ev *evaluation) fail(rng hcl.Range, summary, hint string) {
	ev.problem(severityError, rng, summary, "", hint)
}

// refuse reports why a file cannot be used: nothing of it was judged.
func (ev *evaluation) refuse(rng hcl.Range, summary, hint string) {
	ev.problem(severityFatal, rng, summary, "", hint)
}

// maxSyntaxErrors bounds the errors told of one file: the first explains the
// others.
const maxSyntaxErrors = 10

// failSyntax reports the errors of diags.
func (ev *evaluation) failSyntax(path string, diags hcl.Diagnostics) {
	told := 0
	for _, d := range diags {
		if d.Severity != hcl.DiagError || told == maxSyntaxErrors {
			continue
		}
		told++
		rng := hcl.Range{Filename: path, Start: hcl.Pos{Line: 1, Column: 1}}
		if d.Subject != nil {
			rng = *d.Subject
		}
		ev.problem(severityFatal, rng, lowerFirst(d.Summary), d.Detail, "")
	}
}

// contained runs f and turns a panic, which is a defect in this package or one
// it uses, into an error diagnostic: one bad module never takes the run down.
func (ev *evaluation) contained(what string, f func()) {
	defer func() {
		if p := recover(); p != nil {
			rng := hcl.Range{Filename: ev.dir}
			ev.problem(severityError, rng, what+" could not be evaluated", fmt.Sprint(p), "this is a defect of the reader: please report it")
			ev.incomplete(what + ": could not be evaluated")
		}
	}()
	f()
}

func position(rng hcl.Range) fact.Position {
	return fact.Position{Source: rng.Filename, Line: rng.Start.Line, Column: rng.Start.Column, EndLine: rng.End.Line}
}

// maxLine bounds the source line kept in a diagnostic, in bytes.
const maxLine = 400

// line returns the line that holds the byte offset, without its newline and
// cut to a readable length.
func (s *source) line(offset int) string {
	if s == nil || offset < 0 || offset > len(s.text) {
		return ""
	}
	start := bytes.LastIndexByte(s.text[:offset], '\n') + 1
	line := s.text[start:]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) > maxLine {
		line = line[:maxLine]
	}
	return strings.ToValidUTF8(string(line), "\uFFFD")
}

func lowerFirst(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToLower(s[:1]) + s[1:]
}
