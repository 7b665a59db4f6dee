package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/finding"
)

// csvReport writes RFC 4180: a row per finding as it comes. Before them stands a row
// for each thing that the checked tree supplied to its own check, after them one for
// each input that could not be used, since a table without those would say too much;
// neither has the outcome of a finding. Nothing is held. Lists stand in one cell, parted by "; "; every cell is quoted and one line.
type csvReport struct {
	w       *bufio.Writer
	verbose bool
}

func csvColumns() []string {
	return []string{
		"outcome", "severity", "advisory", "baseline", "control", "title", "gdpr", "target", "kind", "subject", "key", "message",
		"file", "line", "column", "expected", "actual", "evidence", "advice", "remediation",
		"waived_until", "waiver_owner", "waiver_approver", "waiver_reason", "id",
	}
}

func newCSV(w io.Writer, opts Options) finding.Handler {
	return &csvReport{w: bufio.NewWriter(w), verbose: opts.Verbose}
}

func (r *csvReport) Handle(m *finding.Message) error {
	switch {
	case m.Run != nil:
		if err := r.row(csvColumns()); err != nil {
			return err
		}
		for _, sup := range weakerFirst(m.Run.Supplied) {
			if err := r.row(suppliedCells(sup)); err != nil {
				return err
			}
		}
	case m.Finding != nil:
		if r.verbose || concerns(m.Finding) {
			return r.row(cellsOf(m.Finding))
		}
	case m.Summary != nil:
		for i := range m.Summary.Diagnostics {
			if d := &m.Summary.Diagnostics[i]; spoils(d) {
				if err := r.row(diagnosticCells(d)); err != nil {
					return err
				}
			}
		}
		return r.w.Flush()
	}
	return nil
}

func cellsOf(f *finding.Finding) []string {
	at := cmp.Or(f.Location, &finding.Location{})
	w := cmp.Or(f.Waiver, &finding.Waiver{})
	var read []string
	for _, e := range f.Evidence {
		read = append(read, readLine(e))
	}
	given := func(v any) string {
		switch v := v.(type) {
		case nil:
			return ""
		case string:
			return v
		}
		return value(v)
	}
	return []string{
		string(f.Outcome), string(f.Severity), strconv.FormatBool(f.Advisory), f.Baseline, f.Control, f.Title, strings.Join(f.GDPR, "; "),
		f.Target, f.Subject.Kind, f.Subject.ID, f.Key, strings.Join(said(f), "; "),
		at.URI, counted(at.StartLine), counted(at.Column), given(f.Expected), given(f.Actual), strings.Join(read, "; "), strings.Join(f.Advice, "; "), f.Remediation,
		w.ExpiresOn, w.Owner, w.Approver, w.Reason, f.ID,
	}
}

// note is a row that is no finding, under a name that no control has.
func note(kind, name, title, message, file string, line, column int) []string {
	row := make([]string, len(csvColumns()))
	row[0], row[2], row[4], row[5], row[11] = kind, "false", name, title, message
	row[12], row[13], row[14] = file, counted(line), counted(column)
	return row
}

func diagnosticCells(d *fact.Diagnostic) []string {
	return note("unusable", unusableInput, "An input could not be used", problem(d), d.Pos.Source, d.Pos.Line, d.Pos.Column)
}

func suppliedCells(s finding.Supply) []string {
	file, line, column := sourcePlace(s.Source)
	return note("supplied", suppliedByTree, "Supplied by the checked tree itself", supplied(s), file, line, column)
}

// unusableInput stands where the name of a control would, in formats that know
// findings only.
const unusableInput = "writ.input"

// counted is a line or column, empty where it is not known.
func counted(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (r *csvReport) row(cells []string) error {
	for i, c := range cells {
		if i > 0 {
			r.w.WriteByte(',')
		}
		fmt.Fprintf(r.w, `"%s"`, strings.ReplaceAll(inertCell(c), `"`, `""`))
	}
	_, err := r.w.WriteString("\r\n")
	return err
}

// inertCell makes s one line that no spreadsheet computes: what begins like a
// formula, also behind spaces or in full width, gets an apostrophe.
func inertCell(s string) string {
	s = muteMarker(visible(shorten(s, longest)))
	if strings.IndexAny(strings.TrimLeft(s, ` '"`), `=+-@|%＝＋－＠`) == 0 {
		return "'" + s
	}
	return s
}
