package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/policytest"
)

const customControl = "examples/custom-control"

// TestCustomControl holds that the controls of the example are what its README says:
// each finds what its row names, with file and line, and nothing else.
func TestCustomControl(t *testing.T) {
	dir := filepath.Join("..", "..", customControl)
	v := check(t, "--no-builtin", "-p", filepath.Join(dir, "policy"), filepath.Join(dir, "deploy"), filepath.Join(dir, "infra"))
	if v.status != 1 {
		t.Errorf("exit %d (%s), want 1%s", v.status, v.Summary.ExitReason, v.told())
	}
	found := map[string]bool{}
	for _, f := range v.Findings {
		if f.Outcome == "fail" {
			found[f.Control+" "+f.Subject.Kind+" "+strings.TrimPrefix(pointsTo(f), customControl+"/")] = true
		}
	}
	readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for line := range strings.Lines(string(readme)) {
		if cells := strings.Split(strings.TrimSpace(line), "|"); len(cells) == 5 && strings.Contains(cells[1], ".") {
			for _, place := range strings.Fields(cells[3]) {
				documented[strings.TrimSpace(cells[1])+" "+strings.TrimSpace(cells[2])+" "+place] = true
			}
		}
	}
	if diff := cmp.Diff(documented, found); diff != "" || len(found) == 0 {
		t.Errorf("README and findings differ (-README +found):\n%s", diff)
	}
}

// TestCustomControlTests runs what stands beside the controls: unit tests, and
// golden cases in which each control fails, passes, and leaves a gap undecided.
func TestCustomControlTests(t *testing.T) {
	policy := os.DirFS(filepath.Join("..", "..", customControl, "policy"))
	results, err := policytest.RunRego(context.Background(), policy, map[string]any{})
	if err != nil || len(results) == 0 {
		t.Fatalf("%d unit tests: %v", len(results), err)
	}
	for _, r := range results {
		if !r.Pass {
			t.Errorf("%s:%d: %s fails at line %d %s", r.File, r.Line, r.Name, r.Failed, r.Err)
		}
	}
	set, diagnostics := control.Load([]control.Source{{FS: policy}}, control.Options{})
	if len(diagnostics) > 0 || len(set.Controls) == 0 {
		t.Fatalf("%d controls: %v", len(set.Controls), diagnostics)
	}
	for _, c := range set.Controls {
		cases, err := fs.Glob(policy, strings.ReplaceAll(c.ID, ".", "/")+"/cases/*.txtar")
		if err != nil || len(cases) == 0 {
			t.Fatalf("%s: %d cases: %v", c.ID, len(cases), err)
		}
		seen := map[string]bool{}
		for _, name := range cases {
			test, err := policytest.Read(filepath.Join("..", "..", customControl, "policy", filepath.FromSlash(name)))
			if err != nil {
				t.Fatal(err)
			}
			one, _ := control.Load([]control.Source{{FS: policy}}, control.Options{Select: []string{c.ID}})
			got, _, err := test.Run(context.Background(), one)
			if err != nil {
				t.Fatal(err)
			}
			if *update && got != test.Want() {
				if err := test.Update(got); err != nil {
					t.Fatal(err)
				}
				continue
			}
			if diff := cmp.Diff(test.Want(), got); diff != "" {
				t.Errorf("%s: outcomes differ (-want +got):\n%s", name, diff)
			}
			for line := range strings.Lines(got) {
				outcome, _, _ := strings.Cut(line, " ")
				seen[outcome] = true
			}
		}
		for _, outcome := range []string{"fail", "pass", "unknown", "not_applicable"} {
			if !seen[outcome] && !*update {
				t.Errorf("%s: no case shows %s", c.ID, outcome)
			}
		}
	}
	for _, name := range rego(t, policy) {
		source, err := fs.ReadFile(policy, name)
		if err != nil {
			t.Fatal(err)
		}
		formatted, err := policytest.Format(name, source)
		if err != nil || string(formatted) != string(source) {
			t.Errorf("%s is not formatted: %v", name, err)
		}
	}
}

func rego(t *testing.T, policy fs.FS) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(policy, ".", func(name string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".rego") {
			names = append(names, name)
		}
		return err
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("%d policies: %v", len(names), err)
	}
	slices.Sort(names)
	return names
}
