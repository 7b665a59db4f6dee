// Package sourcetest runs golden cases of collectors: archives with the files of a
// source and, as want.txt, the facts they yield. It fuzzes collectors with the same
// files, and makes one value after the other of them unknown.
package sourcetest

import (
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
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

const want = "want.txt"

// Env is a source that holds the files, at a fixed time.
func Env(files map[string]string) *collectors.Env {
	tree := fstest.MapFS{}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	t := &collectors.Tree{FS: tree, Dir: "."}
	_ = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Files = append(t.Files, name)
		}
		return err
	})
	return &collectors.Env{Tree: t, Now: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC), Version: "test", Redactor: fact.NewRedactor()}
}

// Load evaluates the Terraform module in the files of a case.
func Load(a *txtar.Archive) *terraform.Root {
	tree := fstest.MapFS{}
	for name, text := range files(a) {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return terraform.Load(tree, ".", terraform.Options{})
}

// files are those of a source: all of a case but what it wants.
func files(a *txtar.Archive) map[string]string {
	out := map[string]string{}
	for _, f := range a.Files {
		if f.Name != want {
			out[f.Name] = string(f.Data)
		}
	}
	return out
}

// archives reads those that a pattern names, by their names.
func archives(t testing.TB, pattern string) map[string]*txtar.Archive {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no case matches %s: %v", pattern, err)
	}
	out := map[string]*txtar.Archive{}
	for _, name := range names {
		if out[name], err = txtar.ParseFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// Run runs every archive that the pattern names. The documents that collect returns
// must be valid; want.txt shows them in brief. With update, it is written anew.
func Run(t *testing.T, pattern string, update bool, collect func(*testing.T, *txtar.Archive) []*fact.Document) {
	t.Helper()
	cases(t, pattern, update, func(t *testing.T, a *txtar.Archive) string {
		docs := collect(t, a)
		valid(t, docs)
		var got strings.Builder
		for _, d := range docs {
			Brief(&got, d)
		}
		return got.String()
	})
}

// cases compares what is shown of each archive with its want.txt, or writes that.
func cases(t *testing.T, pattern string, update bool, show func(*testing.T, *txtar.Archive) string) {
	t.Helper()
	all := archives(t, pattern)
	for _, name := range fact.SortedKeys(all) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a := all[name]
			got := show(t, a)
			i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == want })
			if i < 0 {
				a.Files = append(a.Files, txtar.File{Name: want})
				i = len(a.Files) - 1
			}
			if update {
				a.Files[i].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(a.Files[i].Data), got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

func valid(t testing.TB, docs []*fact.Document) {
	t.Helper()
	for _, d := range docs {
		for _, p := range fact.Validate(d) {
			t.Errorf("%s %s: %v", d.Target.ID, d.Kind, p)
		}
	}
}
