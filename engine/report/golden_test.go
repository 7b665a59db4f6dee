package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/finding"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func render(t testing.TB, format string, opts Options, messages []*finding.Message) []byte {
	t.Helper()
	var b bytes.Buffer
	h, err := New(format, &b, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		if err := h.Handle(m); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for _, c := range []struct {
		file   string
		format string
		opts   Options
	}{
		{"text/run.txt", "text", Options{}},
		{"text/verbose.txt", "text", Options{Verbose: true}},
		{"text/narrow.txt", "text", Options{Width: 60}},
		{"text/color.txt", "text", Options{Color: true}},
		{"json/run.json", "json", Options{}},
		{"jsonl/run.jsonl", "jsonl", Options{}},
		{"sarif/run.sarif", "sarif", Options{}},
		{"sarif/verbose.sarif", "sarif", Options{Verbose: true}},
		{"junit/run.xml", "junit", Options{}},
		{"junit/verbose.xml", "junit", Options{Verbose: true}},
		{"github/run.txt", "github", Options{}},
		{"gitlab/run.json", "gitlab", Options{}},
		{"markdown/run.md", "markdown", Options{}},
		{"csv/run.csv", "csv", Options{}},
		{"csv/verbose.csv", "csv", Options{Verbose: true}},
		{"html/run.html", "html", Options{}},
		{"html/verbose.html", "html", Options{Verbose: true}},
	} {
		t.Run(c.file, func(t *testing.T) {
			got := render(t, c.format, c.opts, sample())
			path := filepath.Join("../../testdata/golden", c.file)
			if *update {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// What the checked tree supplied to its own check stands before any finding, in every
// report.
func TestSuppliedComesFirst(t *testing.T) {
	for _, format := range Formats() {
		out := strings.ReplaceAll(string(render(t, format, Options{}, sample())), `\`, "")
		said, found := strings.Index(out, "writ.hcl"), strings.Index(out, "5432")
		if said < 0 || found < 0 || said > found {
			t.Errorf("%s: supplied at %d, the first finding at %d", format, said, found)
		}
	}
}
