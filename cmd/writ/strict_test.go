package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/cmd/internal/cli"
)

// TestStrictLikeConftest holds that `writ check` and `writ conftest` say the same of
// every file of testdata/conftest: namespace, rule, message and kind of each finding.
// Where they do not, testdata/conftest/strict.txt says how: what conftest passes over
// in silence, and what it ends a run for.
func TestStrictLikeConftest(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", "..", "testdata", "conftest"))
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join(root, "strict.txt")
	policies, err := filepath.Glob(filepath.Join(root, "*", "policy"))
	if err != nil || len(policies) < 5 {
		t.Fatalf("%d folders of policies: %v", len(policies), err)
	}
	var out strings.Builder
	out.WriteString("What `writ check` says (+) and `writ conftest test` does not, and the reverse (-), of the same files.\n")
	same, differ := 0, 0
	for _, policy := range policies {
		dir := filepath.Dir(policy)
		if name := filepath.Base(dir); name == "config" || name == "doc" {
			continue // settings that name other policies; policies that are not asked
		}
		t.Chdir(dir)
		err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil || name == ".":
				return err
			case d.IsDir() && slices.Contains([]string{"policy", "protos"}, name):
				return fs.SkipDir
			case d.IsDir() || slices.Contains([]string{"commands", "want.txt", "conftest.toml"}, name):
				return nil
			}
			loose, found := looseFindings(t, name)
			strict := strictFindings(t, name)
			diff := difference(loose, strict)
			same += found
			if len(diff) > 0 {
				differ += len(diff)
				fmt.Fprintf(&out, "\n%s/%s\n", filepath.Base(dir), filepath.ToSlash(name))
				for _, line := range diff {
					fmt.Fprintf(&out, "  %s\n", line)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), out.String()); d != "" {
		t.Errorf("differences (-want +got):\n%s", d)
	}
	if same < 100 {
		t.Errorf("only %d findings of conftest were compared", same)
	}
	t.Logf("%d findings compared, %d lines of difference", same, differ)
}

// looseFindings are those of `conftest test`, one line each, and how many there are.
func looseFindings(t *testing.T, name string) ([]string, int) {
	t.Helper()
	var out, errs bytes.Buffer
	cli.Main([]string{"conftest", "test", "-o", "json", "--all-namespaces", name}, strings.NewReader(""), &out, &errs)
	type result struct {
		Msg      string
		Metadata struct{ Query string }
	}
	var checks []struct {
		Namespace                      string
		Failures, Warnings, Exceptions []result
	}
	if err := json.Unmarshal(out.Bytes(), &checks); err != nil {
		return []string{"conftest ends the run"}, 0
	}
	var lines []string
	n := 0
	for _, c := range checks {
		for kind, list := range map[string][]result{"fail": c.Failures, "warn": c.Warnings} {
			for _, r := range list {
				lines = append(lines, fmt.Sprintf("%s %s %q", kind, strings.TrimPrefix(r.Metadata.Query, "data."), r.Msg))
				n++
			}
		}
	}
	return lines, n
}

// strictFindings are those of `check`, one line each: not what an exception covers, and
// nothing that passed.
func strictFindings(t *testing.T, name string) []string {
	t.Helper()
	var out, errs bytes.Buffer
	cli.Main([]string{"check", "-p", "policy", "--no-builtin", "--permissive", "-o", "json", "--now", "2026-11-22", name}, strings.NewReader(""), &out, &errs)
	var report struct {
		Findings []struct {
			Control, Outcome, Message string
			Advisory                  bool
			Location                  struct {
				StartLine int `json:"start_line"`
			}
		}
		Summary struct {
			Diagnostics []struct {
				Fatal           bool
				Summary, Detail string
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, errs.String())
	}
	var lines []string
	for _, f := range report.Findings {
		kind := f.Outcome
		if f.Advisory && kind == "fail" {
			kind = "warn"
		}
		if kind == "fail" || kind == "warn" || kind == "error" {
			lines = append(lines, fmt.Sprintf("%s %s %q", kind, f.Control, f.Message))
			if f.Location.StartLine < 1 {
				t.Errorf("%s: no line: %s", name, lines[len(lines)-1])
			}
		}
	}
	for _, d := range report.Summary.Diagnostics {
		if d.Fatal {
			lines = append(lines, "fatal "+d.Summary)
		}
	}
	return lines
}

// difference marks the lines that only one of two lists has, as often as it has them
// more.
func difference(loose, strict []string) []string {
	count := map[string]int{}
	for _, l := range strict {
		count[l]++
	}
	for _, l := range loose {
		count[l]--
	}
	var out []string
	for l, n := range count {
		for ; n > 0; n-- {
			out = append(out, "+ "+l)
		}
		for ; n < 0; n++ {
			out = append(out, "- "+l)
		}
	}
	slices.Sort(out)
	return out
}
