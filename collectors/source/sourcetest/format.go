package sourcetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// Format is what the documents of a case are made of: the method they name.
type Format string

// The formats. Any takes all documents of a collector.
const (
	Any        Format = ""
	Compose    Format = "compose"
	Kubernetes Format = "kubernetes"
)

// Collect runs a collector over files and returns the documents of the format, which
// must be valid, and the environment.
func (f Format) Collect(t testing.TB, c collectors.Collector, files map[string]string) ([]*fact.Document, *collectors.Env) {
	t.Helper()
	env := Env(files)
	all, statuses := collectors.Run(t.Context(), []collectors.Collector{c}, collectors.Path, env)
	for _, s := range statuses {
		if s.Err != nil {
			t.Fatal(s.Err)
		}
	}
	var docs []*fact.Document
	for _, d := range all {
		if f == Any || d.Collector.Method == string(f) {
			docs = append(docs, d)
		}
	}
	valid(t, docs)
	return docs, env
}

// Golden runs every archive that the pattern names. want.txt shows the documents in
// full, those derived of them, and but for Any the diagnostics; with update, it is
// written anew. A text that begins with "planted" is a secret: it must not be in any of
// them.
func (f Format) Golden(t *testing.T, pattern string, update bool, c collectors.Collector, derivers ...collectors.Deriver) {
	t.Helper()
	cases(t, pattern, update, func(t *testing.T, a *txtar.Archive) string {
		docs, env := f.Collect(t, c, files(a))
		return shown(t, docs, env, f != Any, derivers...)
	})
}

// shown writes documents in full, those derived of them, and diagnostics if they are
// asked for.
func shown(t *testing.T, docs []*fact.Document, env *collectors.Env, diagnostics bool, derivers ...collectors.Deriver) string {
	t.Helper()
	for _, deriver := range derivers {
		derived, err := deriver.Derive(t.Context(), docs)
		if err != nil {
			t.Fatal(err)
		}
		valid(t, derived)
		docs = append(docs, derived...)
	}
	var got strings.Builder
	for _, d := range docs {
		Write(&got, d)
	}
	if diagnostics {
		for _, d := range env.Diagnostics() {
			fmt.Fprintf(&got, "%s %s\n", d.Severity, d.Error())
		}
	}
	text, err := json.Marshal(docs)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text)+got.String(), "planted") {
		t.Error("a secret stands in what is written")
	}
	return got.String()
}

// Fuzz runs a collector over arbitrary files, of Compose one merged over the other: it
// does not panic, and whatever it yields is valid. The seeds are the files of the
// archives that the pattern names.
func (f Format) Fuzz(fz *testing.F, pattern string, c collectors.Collector) {
	fz.Helper()
	const most = 1 << 14
	all := archives(fz, pattern)
	for _, name := range fact.SortedKeys(all) {
		seeds := files(all[name])
		for _, file := range fact.SortedKeys(seeds) {
			if f == Compose {
				fz.Add(seeds[file], "services: {a: {ports: !override [1], logging: {driver: local}}}")
			} else {
				fz.Add(seeds[file])
			}
		}
	}
	if f == Compose {
		fz.Fuzz(func(t *testing.T, text, over string) {
			if len(text)+len(over) < most {
				f.Collect(t, c, map[string]string{"compose.yaml": text, "compose.override.yaml": over, ".env": text})
			}
		})
		return
	}
	fz.Fuzz(func(t *testing.T, text string) {
		if len(text) < most {
			f.Collect(t, c, map[string]string{"a.yaml": text})
		}
	})
}
