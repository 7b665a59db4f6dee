// Package composetest runs golden cases of collectors that read Compose
// files, and fuzzes them.
package composetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws/awstest"
	"github.com/writ-policy/writ/engine/fact"
)

const want = "want.txt"

// Collect runs a collector over files and returns the documents made of Compose
// files, which must be valid, and the environment.
func Collect(t testing.TB, c collectors.Collector, files map[string]string) ([]*fact.Document, *collectors.Env) {
	t.Helper()
	env := awstest.Env(files)
	all, statuses := collectors.Run(t.Context(), []collectors.Collector{c}, collectors.Path, env)
	for _, s := range statuses {
		if s.Err != nil {
			t.Fatal(s.Err)
		}
	}
	var docs []*fact.Document
	for _, d := range all {
		if d.Collector.Method != "compose" {
			continue
		}
		for _, p := range fact.Validate(d) {
			t.Errorf("%s %s: %v", d.Target.ID, d.Kind, p)
		}
		docs = append(docs, d)
	}
	return docs, env
}

// Golden runs every archive that the pattern names: files and, as want.txt, the
// facts they yield. With update, want.txt is written anew. A text that begins with
// "planted" is a secret: it must not be in any document or diagnostic.
func Golden(t *testing.T, pattern string, update bool, c collectors.Collector) {
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
			expected := ""
			for _, f := range a.Files {
				if f.Name == want {
					expected = string(f.Data)
				} else {
					files[f.Name] = string(f.Data)
				}
			}
			docs, env := Collect(t, c, files)
			var got bytes.Buffer
			for _, d := range docs {
				awstest.Write(&got, d)
			}
			for _, d := range env.Diagnostics() {
				fmt.Fprintf(&got, "%s %s\n", d.Severity, d.Error())
			}
			text, err := json.Marshal(docs)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte("planted")) || bytes.Contains(got.Bytes(), []byte("planted")) {
				t.Error("a secret stands in what is written")
			}
			if update {
				a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name == want })
				a.Files = append(a.Files, txtar.File{Name: want, Data: got.Bytes()})
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(expected, got.String()); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

// Fuzz runs a collector over arbitrary files, one merged over the other: it does not
// panic, and whatever it yields is valid. The seeds are the files of the archives
// that the pattern names.
func Fuzz(f *testing.F, pattern string, c collectors.Collector) {
	f.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		f.Fatalf("no case matches %s: %v", pattern, err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if file.Name != want {
				f.Add(string(file.Data), "services: {a: {ports: !override [1], logging: {driver: local}}}")
			}
		}
	}
	f.Fuzz(func(t *testing.T, text, over string) {
		if len(text)+len(over) < 1<<14 {
			Collect(t, c, map[string]string{"compose.yaml": text, "compose.override.yaml": over, ".env": text})
		}
	})
}
