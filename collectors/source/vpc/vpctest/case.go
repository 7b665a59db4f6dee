// Package vpctest runs golden cases of collectors of Terraform: an archive with
// a module's files and, as want.txt, the facts it yields.
package vpctest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// Now is the time of all cases.
var now = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)

// Env is what collectors are given in cases.
func Env() *collectors.Env { return &collectors.Env{Now: now, Version: "test"} }

// Load evaluates the module in a case's files.
func Load(a *txtar.Archive) *terraform.Root {
	fsys := fstest.MapFS{}
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, ".tf") {
			fsys[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return terraform.Load(fsys, ".", terraform.Options{})
}

// Run runs every archive of testdata that the pattern names. The documents must
// be valid; with update, want.txt is written anew.
func Run(t *testing.T, pattern string, update bool, collect func(*testing.T, *txtar.Archive) []*fact.Document) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no case matches %s: %v", pattern, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			for _, d := range collect(t, a) {
				for _, p := range fact.Validate(d) {
					t.Errorf("%s: %v", d.Kind, p)
				}
				Write(&got, d)
			}
			i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == "want.txt" })
			if i < 0 {
				a.Files = append(a.Files, txtar.File{Name: "want.txt"})
				i = len(a.Files) - 1
			}
			if update {
				a.Files[i].Data = got.Bytes()
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(a.Files[i].Data), got.String()); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

// Write renders a document: an item's id and place, then one field a line,
// without those that say "none" (empty, zero, false, "no"). Gaps are shown as
// "?" with their reason.
func Write(w *bytes.Buffer, d *fact.Document) {
	fmt.Fprintf(w, "== %s %s\n", d.Target.ID, d.Kind)
	for _, r := range d.Reasons {
		fmt.Fprintf(w, "incomplete: %s\n", r)
	}
	gaps := map[string]string{}
	for _, g := range d.Unobserved {
		gaps[g.Pointer] = g.Reason
	}
	for i, item := range d.Items {
		at := fmt.Sprintf("/items/%d", i)
		fmt.Fprintf(w, "%s%s\n", item.ID(), place(d, at))
		for _, name := range fact.SortedKeys(item) {
			if name == "id" || name == "basis" && item[name] == "declared" {
				continue
			}
			p := at + fact.Pointer(name)
			if text := render(item[name], p, gaps); text != "" {
				fmt.Fprintf(w, "  %s %s%s\n", name, text, placeUnless(d, p, at))
			}
		}
	}
}

func place(d *fact.Document, pointer string) string {
	p, ok := d.Positions[pointer]
	if !ok {
		return ""
	}
	for _, s := range d.Sources {
		if s.ID == p.Source {
			p.Source = s.URI
		}
	}
	return " @" + p.String()
}

func placeUnless(d *fact.Document, pointer, parent string) string {
	if s := place(d, pointer); s != place(d, parent) {
		return s
	}
	return ""
}

func render(v any, pointer string, gaps map[string]string) string {
	switch v := v.(type) {
	case nil:
		return "? (" + gaps[pointer] + ")"
	case string:
		if v == "" || v == "no" || v == "none" {
			return ""
		}
		return v
	case bool:
		if !v {
			return ""
		}
	case int:
		if v == 0 {
			return ""
		}
	case []any:
		if len(v) == 0 {
			return ""
		}
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = render(e, fmt.Sprintf("%s/%d", pointer, i), gaps)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for _, name := range fact.SortedKeys(v) {
			if text := render(v[name], pointer+fact.Pointer(name), gaps); text != "" {
				parts = append(parts, name+"="+text)
			}
		}
		return "{" + strings.Join(parts, " ") + "}"
	}
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
