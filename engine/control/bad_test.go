package control_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/control"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Every file NAME.bad.rego, and every folder NAME.bad of several files, has one
// fault; NAME.bad.txt is what loading says of it.
func TestBadControls(t *testing.T) {
	paths, err := filepath.Glob("testdata/bad/*.bad*")
	if err != nil {
		t.Fatal(err)
	}
	params, err := control.ReadParameters(os.DirFS("testdata/bad"))
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, path := range paths {
		name, _ := strings.CutSuffix(path, ".rego")
		if filepath.Ext(name) != ".bad" {
			continue
		}
		tried++
		t.Run(filepath.Base(name), func(t *testing.T) {
			fsys := os.DirFS(name)
			if name != path {
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				fsys = fstest.MapFS{filepath.Base(path): {Data: data}}
			}
			set, diagnostics := control.Load([]control.Source{{FS: embedded(), Embedded: true}, {Name: "policy", FS: fsys}}, control.Options{Params: params})
			if len(diagnostics) == 0 {
				_, _, diagnostics = set.Compile(map[string]bool{"port.listener": true})
			}
			if len(diagnostics) == 0 {
				_, _, diagnostics = set.CompilePolicies()
			}
			if len(diagnostics) == 0 {
				t.Fatal("loads without a diagnostic")
			}
			got := render(t, diagnostics)
			golden := name + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
		})
	}
	if tried < 25 {
		t.Errorf("tried %d controls", tried)
	}
}

// embedded is a set that ships with the program, of a helper and a control.
func embedded() fstest.MapFS {
	return fstest.MapFS{
		"lib/net/net.rego": {Data: []byte("package lib.net\n\nprivate := \"10.0.0.0/8\"\n\ncidr_contains(range, address) if net.cidr_contains(range, address)\n")},
	}
}

func render(t *testing.T, diagnostics []fact.Diagnostic) string {
	t.Helper()
	var b strings.Builder
	for _, d := range diagnostics {
		if !d.Fatal {
			t.Errorf("not fatal: %v", d)
		}
		if d.Pos.Line == 0 {
			t.Errorf("no line: %v", d)
		}
		fmt.Fprintln(&b, d.Error())
		if d.Line != "" {
			fmt.Fprintf(&b, "    %s\n", d.Line)
			if d.Pos.Column > 0 {
				tabs := strings.Map(func(r rune) rune {
					if r == '\t' {
						return r
					}
					return ' '
				}, d.Line[:min(d.Pos.Column-1, len(d.Line))])
				fmt.Fprintf(&b, "    %s^\n", tabs)
			}
		}
		if d.Hint != "" {
			fmt.Fprintf(&b, "    hint: %s\n", d.Hint)
		}
	}
	return b.String()
}

// What is right loads, with what it reads beside it.
func TestGoodControls(t *testing.T) {
	params, err := control.ReadParameters(os.DirFS("testdata/bad"))
	if err != nil {
		t.Fatal(err)
	}
	set, diagnostics := control.Load([]control.Source{{FS: embedded(), Embedded: true}, {FS: os.DirFS("testdata/good")}}, control.Options{Params: params})
	if len(diagnostics) > 0 {
		t.Fatalf("load:\n%s", render(t, diagnostics))
	}
	if _, _, diagnostics := set.Compile(map[string]bool{"port.listener": true}); len(diagnostics) > 0 {
		t.Fatalf("compile:\n%s", render(t, diagnostics))
	}
	var b strings.Builder
	for _, c := range set.Controls {
		apart, err := c.Apart()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range apart.Rules {
			fmt.Fprintf(&b, "%s %s %d\n", c.ID, r.Set, r.Index)
			for _, reads := range []struct {
				name string
				control.Reads
			}{{"decides", r.Decides}, {"shows", r.Shows}} {
				for _, p := range reads.Subject {
					fmt.Fprintf(&b, "    %s subject %s\n", reads.name, p)
				}
				for _, kind := range fact.SortedKeys(reads.Facts) {
					for _, p := range reads.Facts[kind] {
						fmt.Fprintf(&b, "    %s %s %s\n", reads.name, kind, p)
					}
				}
				for _, p := range reads.Params {
					fmt.Fprintf(&b, "    %s parameter %s\n", reads.name, p)
				}
			}
		}
	}
	const golden = "testdata/good/reads.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}
