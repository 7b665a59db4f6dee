// Package awstest runs golden cases of collectors that read Terraform: an
// archive with the files of a source and, as want.txt, the facts it yields.
package awstest

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
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

const want = "want.txt"

// Env is a source that holds the files, at a fixed time.
func Env(files map[string]string) *collectors.Env {
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	return env(tree)
}

func env(tree fs.FS) *collectors.Env {
	t := &collectors.Tree{FS: tree, Dir: "."}
	_ = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Files = append(t.Files, name)
		}
		return err
	})
	return &collectors.Env{Tree: t, Now: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC), Version: "test", Redactor: fact.NewRedactor()}
}

// Collect runs a collector over files and checks that every document is valid.
func Collect(t *testing.T, c collectors.Collector, files map[string]string) []*fact.Document {
	t.Helper()
	docs, err := c.Collect(t.Context(), Env(files))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		for _, p := range fact.Validate(d) {
			t.Errorf("%s %s: %v", d.Target.ID, d.Kind, p)
		}
	}
	return docs
}

// Golden runs every archive that the pattern names. With update, want.txt is
// written anew. then, if not nil, makes more documents of those collected.
func Golden(t *testing.T, pattern string, update bool, c collectors.Collector, then func(*testing.T, []*fact.Document) []*fact.Document) {
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
			files := map[string]string{}
			for _, f := range a.Files {
				if f.Name != want {
					files[f.Name] = string(f.Data)
				}
			}
			docs := Collect(t, c, files)
			if then != nil {
				docs = append(docs, then(t, docs)...)
			}
			var got bytes.Buffer
			for _, d := range docs {
				Write(&got, d)
			}
			i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == want })
			if i < 0 {
				a.Files = append(a.Files, txtar.File{Name: want})
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

// Write renders a document: an item's id and line, then one member a line with
// its line where that is another, a gap as "?" with the reason.
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
		fmt.Fprintf(w, "%s (%s)%s\n", item.ID(), item["basis"], place(d, at, ""))
		member(w, d, gaps, at, at, "  ", map[string]any(item))
	}
}

func member(w *bytes.Buffer, d *fact.Document, gaps map[string]string, pointer, item, indent string, object map[string]any) {
	for _, name := range fact.SortedKeys(object) {
		p := pointer + fact.Pointer(name)
		if pointer == item && (name == "id" || name == "basis") {
			continue
		}
		switch v := object[name].(type) {
		case nil:
			fmt.Fprintf(w, "%s%s ? %s%s\n", indent, name, gaps[p], place(d, p, item))
		case map[string]any:
			fmt.Fprintf(w, "%s%s\n", indent, name)
			member(w, d, gaps, p, item, indent+"  ", v)
		case []any:
			list(w, d, gaps, p, item, indent, name, v)
		default:
			text, _ := json.Marshal(v)
			fmt.Fprintf(w, "%s%s %s%s\n", indent, name, text, place(d, p, item))
		}
	}
}

func list(w *bytes.Buffer, d *fact.Document, gaps map[string]string, pointer, item, indent, name string, v []any) {
	plain := !slices.ContainsFunc(v, func(e any) bool { _, object := e.(map[string]any); return object || e == nil })
	if plain {
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(v)
		fmt.Fprintf(w, "%s%s %s%s\n", indent, name, strings.TrimSpace(text.String()), place(d, pointer, item))
		return
	}
	for i, e := range v {
		p := fmt.Sprintf("%s/%d", pointer, i)
		if object, ok := e.(map[string]any); ok {
			fmt.Fprintf(w, "%s%s %d\n", indent, name, i)
			member(w, d, gaps, p, item, indent+"  ", object)
		} else {
			fmt.Fprintf(w, "%s%s %d ? %s\n", indent, name, i, gaps[p])
		}
	}
}

// place renders where a value stands, nothing if it is the same line as its item.
func place(d *fact.Document, pointer, item string) string {
	p, ok := d.Positions[pointer]
	if !ok || item != "" && d.Positions[item].Line == p.Line && d.Positions[item].Source == p.Source {
		return ""
	}
	for _, s := range d.Sources {
		if s.ID == p.Source {
			return fmt.Sprintf(" @%s:%d", s.URI, p.Line)
		}
	}
	return fmt.Sprintf(" @%d", p.Line)
}
