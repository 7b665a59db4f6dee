package policies_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
	"github.com/writ-policy/writ/engine/policytest"
	"github.com/writ-policy/writ/policies"
)

var update = flag.Bool("update", false, "rewrite want.txt of the cases, params.json and CONTROLS.md")

// load returns the embedded controls that are selected, all without a selector.
func load(t *testing.T, params *control.Parameters, selects ...string) *control.Set {
	t.Helper()
	set, diagnostics := control.Load([]control.Source{{FS: policies.FS, Embedded: true}}, control.Options{Select: selects, Params: params})
	for _, d := range diagnostics {
		t.Fatal(d)
	}
	return set
}

// parameters returns the shipped parameters and tables at the time of the cases.
func parameters(t *testing.T) *control.Parameters {
	t.Helper()
	p, err := control.ReadParameters(policies.FS)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.ReadTables(policies.FS, policytest.Now); err != nil {
		t.Fatal(err)
	}
	return p
}

// folder is where a control stands: gdpr/port/documented.
func folder(c *control.Control) string { return strings.ReplaceAll(c.ID, ".", "/") }

func cases(t *testing.T, c *control.Control) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.FromSlash(folder(c)), "cases", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestCases judges the facts of each case by its control.
func TestCases(t *testing.T) {
	shipped := parameters(t)
	for _, c := range load(t, shipped).Controls {
		set := load(t, shipped, c.ID)
		for _, file := range cases(t, c) {
			t.Run(c.ID+"/"+strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				t.Parallel()
				test, err := policytest.Read(file)
				if err != nil {
					t.Fatal(err)
				}
				params := parameters(t)
				if err := test.Params(params); err != nil {
					t.Fatal(err)
				}
				mine := set
				if params.Digest() != shipped.Digest() {
					mine = load(t, params, c.ID)
				}
				got, _, err := test.Run(context.Background(), mine)
				if err != nil {
					t.Fatal(err)
				}
				if *update && got != test.Want() {
					if err := test.Update(got); err != nil {
						t.Fatal(err)
					}
					return
				}
				if diff := cmp.Diff(test.Want(), got); diff != "" {
					t.Errorf("outcomes differ (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// TestRego runs the unit tests of the controls and of lib as stock OPA does, with
// nothing but params.json as data.
func TestRego(t *testing.T) {
	text, err := os.ReadFile("params.json")
	if err != nil {
		t.Fatal(err)
	}
	var data map[string]any
	if err := json.Unmarshal(text, &data); err != nil {
		t.Fatalf("read params.json: %v", err)
	}
	results, err := policytest.RunRego(context.Background(), os.DirFS("."), data)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if !r.Pass {
			t.Errorf("%s:%d: %s fails at line %d %s", r.File, r.Line, r.Name, r.Failed, r.Err)
		}
	}
	tested := map[string]bool{}
	for _, r := range results {
		tested[path.Dir(r.File)] = true
	}
	for _, c := range load(t, parameters(t)).Controls {
		if !tested[folder(c)] {
			t.Errorf("%s has no unit test in %s_test.rego", c.ID, path.Base(folder(c)))
		}
	}
}

// TestOutcomes holds that the cases of a control show it failing, passing, and
// not deciding or not applying; and, where facts can have gaps, that a gap leaves
// it undecided. An error is an outcome that no case may show.
func TestOutcomes(t *testing.T) {
	for _, c := range load(t, parameters(t)).Controls {
		seen, gap := map[string]bool{}, false
		for _, file := range cases(t, c) {
			test, err := policytest.Read(file)
			if err != nil {
				t.Fatal(err)
			}
			mine := map[string]bool{}
			for _, line := range strings.Split(test.Want(), "\n") {
				if outcome, _, ok := strings.Cut(line, " "); ok && outcome != "" {
					mine[outcome], seen[outcome] = true, true
				}
			}
			gap = gap || mine["unknown"] && strings.Contains(test.Want(), "is not known: ")
		}
		switch {
		case !seen["fail"], !seen["pass"], !seen["unknown"] && !seen["not_applicable"]:
			t.Errorf("%s: the cases show %v: want a failure, a pass, and an unknown or not applicable", c.ID, fact.SortedKeys(seen))
		case seen["error"]:
			t.Errorf("%s: a case shows an error", c.ID)
		case !gap && !strings.HasPrefix(c.Subject, "register."):
			t.Errorf("%s: no case has a gap that leaves it unknown", c.ID)
		}
	}
}

// text joins list members for a message or a table.
func text[T any](list []T, sep string) string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = fmt.Sprint(e)
	}
	return strings.Join(slices.Clip(out), sep)
}
