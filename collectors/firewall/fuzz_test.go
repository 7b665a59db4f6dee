package firewall_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors/firewall"
	"github.com/writ-policy/writ/engine/fact"
)

func cases(f *testing.F, pattern string) []*txtar.Archive {
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		f.Fatalf("no case matches %s: %v", pattern, err)
	}
	var list []*txtar.Archive
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		list = append(list, a)
	}
	return list
}

// Whatever a module holds, both collectors and the deriver yield valid documents.
func FuzzModule(f *testing.F) {
	for _, pattern := range []string{"testdata/exposure/*.txtar", "testdata/rules/*.txtar", "../ports/testdata/published/*.txtar"} {
		for _, a := range cases(f, pattern) {
			for _, file := range a.Files {
				if file.Name == "main.tf" {
					f.Add(string(file.Data))
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, module string) {
		derive(t, module)
	})
}

// Whatever valid documents say, saved ones included, exposures are valid.
func FuzzDerive(f *testing.F) {
	for _, a := range cases(f, "testdata/exposure/*.txtar") {
		var seed bytes.Buffer
		for _, d := range collect(f, a) {
			if err := json.NewEncoder(&seed).Encode(d); err != nil {
				f.Fatal(err)
			}
		}
		f.Add(seed.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, err := fact.Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, d := range docs {
			if len(fact.Validate(d)) > 0 && d.Target.ID != "register" {
				return
			}
		}
		out, err := firewall.Exposure{}.Derive(t.Context(), docs)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range out {
			for _, p := range fact.Validate(d) {
				t.Fatal(p)
			}
		}
	})
}
