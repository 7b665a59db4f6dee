package logtime

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Times of lines, in a zone one hour ahead. A line of the file is followed by what is
// found in it.
func TestLines(t *testing.T) {
	const name = "testdata/lines.txt"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	zone := time.FixedZone("", 3600)
	limit := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	var out strings.Builder
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "  => ") {
			continue
		}
		out.WriteString(line)
		s, ok := Line([]byte(strings.TrimSuffix(line, "\n")), zone)
		switch {
		case !ok:
			out.WriteString("  => none\n")
		default:
			fmt.Fprintf(&out, "  => %s yearless=%v zoned=%v\n", s.In(limit).Format(time.RFC3339Nano), s.Yearless, s.Zoned)
		}
	}
	if *update {
		if err := os.WriteFile(name, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(data), out.String()); diff != "" && !*update {
		t.Error(diff)
	}
}

// A year that no line names ends where the records begin anew.
func TestFirst(t *testing.T) {
	stamps := func(lines ...string) (out []Stamp) {
		for _, l := range lines {
			s, ok := Line([]byte(l), time.UTC)
			if !ok {
				t.Fatal(l)
			}
			out = append(out, s)
		}
		return out
	}
	limit := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		want  string
		lines []string
	}{
		{"2025-12-20", []string{"Dec 20 10:00:00 x"}},
		{"2025-12-20", []string{"Dec 20 10:00:00 x", "Jan  4 10:00:00 x"}},
		{"2023-06-01", []string{"Jun  1 10:00:00 x", "Dec  1 10:00:00 x", "May 31 10:00:00 x", "Mar  1 10:00:00 x", "Jan  4 10:00:00 x"}},
		{"2024-02-29", []string{"Feb 29 10:00:00 x"}},
		{"2019-03-01", []string{"2019-03-01T00:00:00Z x", "Jan  4 10:00:00 x"}},
		{"2026-01-03", []string{"Jan  3 10:00:00 x", "Jan  3 02:00:00 x"}},
	} {
		if got := First(stamps(c.lines...), limit).Format(time.DateOnly); got != c.want {
			t.Errorf("%q: %s, want %s", c.lines, got, c.want)
		}
	}
}

// Whatever a line holds, a time found in it is one of the calendar that a record could
// have, and the year of one without a year is not after the limit.
func FuzzLine(f *testing.F) {
	data, err := os.ReadFile("testdata/lines.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		f.Add([]byte(line))
	}
	limit := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, line []byte) {
		s, ok := Line(line, time.UTC)
		if !ok {
			return
		}
		at := s.In(limit)
		if s.Yearless && (at.After(limit) || at.Year() < 2018) || !s.Yearless && (at.Year() < 1989 || at.Year() > 2200) {
			t.Errorf("%q: %v", line, at)
		}
	})
}
