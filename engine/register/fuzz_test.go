package register

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/writ-policy/writ/engine/fact"
)

// Whatever the input, reading ends, an error leaves the facts incomplete, and
// the facts are valid before and after annotation.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/bad/*.hcl", "testdata/bad/*.json", "testdata/good/*.hcl", "testdata/good/*.json"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, p := range paths {
			data, err := os.ReadFile(p)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data, filepath.Ext(p) == ".json")
		}
	}
	example := brief{Kind: "port.listener", Target: "host/db1", Items: []map[string]any{{"id": "x"}}}
	f.Fuzz(func(t *testing.T, data []byte, json bool) {
		name := "r.hcl"
		if json {
			name += ".json"
		}
		r, diags := Read([]File{{name, data}})
		docs := r.Documents(now)
		validate(t, docs, fact.Validate)
		for _, d := range diags {
			if d.Fatal && docs[0].Complete {
				t.Errorf("complete in spite of %v", d)
			}
		}
		docs = append(docs, example.document())
		r.Annotate(docs, Options{Now: now})
		r.Link(docs)
		validate(t, docs, fact.ValidateAnnotated)
		r.Systems([]string{"host/db1", "config/infra"})
	})
}

func FuzzReadProject(f *testing.F) {
	paths, err := filepath.Glob("testdata/project/*.hcl")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, diags := ReadProject(data, "writ.hcl")
		if p == nil {
			t.Fatal("no project", diags)
		}
	})
}

func FuzzReadBaseline(f *testing.F) {
	f.Add([]byte(`{"schema": "writ.report/v1", "findings": [{"id": "a", "outcome": "fail", "severity": "high"}]}`))
	f.Add([]byte("{\"run\": {\"schema\": \"writ.report/v1\"}}\n{\"finding\": {\"id\": \"a\"}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if b, err := ReadBaseline(data); err == nil && b == nil {
			t.Error("neither baseline nor error")
		}
	})
}
