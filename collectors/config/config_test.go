package config

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "rewrite want.json of the cases")

var now = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

// Each case is a tree, and want.json the documents it yields: raw documents in
// document_*.txtar, Terraform resources in the others.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			tree := &collectors.Tree{Dir: "."}
			files, want := fstest.MapFS{}, ""
			var kept []txtar.File
			for _, f := range archive.Files {
				if f.Name == "want.json" {
					want = string(f.Data)
					continue
				}
				kept = append(kept, f)
				files[f.Name] = &fstest.MapFile{Data: f.Data}
				tree.Files = append(tree.Files, f.Name)
			}
			tree.FS = files
			kinds := map[string]bool{"terraform.resource": true}
			if strings.HasPrefix(filepath.Base(name), "document_") {
				kinds = map[string]bool{"config.document": true}
			}
			env := &collectors.Env{Tree: tree, Kinds: kinds, Now: now, Version: "test", Redactor: fact.NewRedactor()}
			docs, err := Collector{}.Collect(context.Background(), env)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range docs {
				for _, p := range fact.Validate(d) {
					t.Error(p)
				}
			}
			got, err := json.MarshalIndent(docs, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, '\n')
			if *update {
				archive.Files = append(kept, txtar.File{Name: "want.json", Data: got})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, string(got)); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

// Nobody asks for raw facts: none are made.
func TestNotWanted(t *testing.T) {
	env := &collectors.Env{Tree: &collectors.Tree{FS: fstest.MapFS{"a.tf": {Data: []byte(`resource "a" "b" {}`)}}, Files: []string{"a.tf"}},
		Kinds: map[string]bool{"log.store": true}, Redactor: fact.NewRedactor()}
	if docs, err := (Collector{}).Collect(context.Background(), env); err != nil || len(docs) != 0 {
		t.Errorf("%d documents, %v; want none", len(docs), err)
	}
}
