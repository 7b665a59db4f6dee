package report

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checkCSV holds a report to RFC 4180: lines end in CRLF, all have as many cells,
// and none is a formula.
func checkCSV(t testing.TB, report []byte) [][]string {
	t.Helper()
	if bytes.Count(report, []byte("\n")) != bytes.Count(report, []byte("\r\n")) || !bytes.HasSuffix(report, []byte("\r\n")) {
		t.Error("lines do not end in CRLF")
	}
	checkText(t, bytes.ReplaceAll(report, []byte("\r\n"), []byte("\n")))
	rows, err := csv.NewReader(bytes.NewReader(report)).ReadAll()
	if err != nil {
		t.Error(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.ContainsAny(strings.TrimLeft(cell, " ")[:min(1, len(strings.TrimLeft(cell, " ")))], "=+-@\t\r\n|%") {
				t.Errorf("a formula: %.100q", cell)
			}
		}
	}
	return rows
}

func TestInertCell(t *testing.T) {
	for in, want := range map[string]string{
		"":                 "",
		"plain = text":     "plain = text",
		"=cmd|' /C calc'!": "'=cmd|' /C calc'!",
		"+1":               "'+1",
		"-1":               "'-1",
		"@SUM(1)":          "'@SUM(1)",
		"\t=1":             `\t=1`,
		"\r=1":             `\r=1`,
		"  =1":             "'  =1",
		`"=1`:              `'"=1`,
		"＝1":               "'＝1",
		"a\n=1":            `a\n=1`,
	} {
		if diff := cmp.Diff(want, inertCell(in)); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
}

// Every input that could not be used has a row: a table without it looks complete.
func TestCSVNamesUnusableInputs(t *testing.T) {
	rows := checkCSV(t, render(t, "csv", Options{}, sample()))
	last := rows[len(rows)-1]
	if got := []string{last[0], last[4], last[12], last[13]}; !cmp.Equal(got, []string{"unusable", unusableInput, "infra/broken.tf", "4"}) {
		t.Errorf("the last row: %q", last)
	}
}
