package control_test

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/writ-policy/writ/engine/control"
)

// Whatever a policy holds, loading it ends with a set or with diagnostics, and
// what loads can be compiled apart and followed.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/*/*.rego", "testdata/*/*/*.rego"} {
		paths, err := filepath.Glob(pattern)
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
	}
	params, err := control.ReadParameters(os.DirFS("testdata/bad"))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		set, diagnostics := control.Load([]control.Source{{FS: fstest.MapFS{"p.rego": {Data: data}}}}, control.Options{Params: params})
		for _, d := range diagnostics {
			if !d.Fatal || d.Summary == "" {
				t.Errorf("not fatal, or without a summary: %+v", d)
			}
		}
		for _, c := range set.Controls {
			if _, err := c.Apart(); err != nil {
				t.Errorf("%s loads, but does not compile apart: %v", c.ID, err)
			}
			if _, _, diagnostics := set.Compile(map[string]bool{c.Subject: true}); len(diagnostics) > 0 {
				t.Errorf("%s loads, but does not compile: %v", c.ID, diagnostics)
			} else if _, err := c.AllReads(); err != nil {
				t.Errorf("%s: %v", c.ID, err)
			}
		}
	})
}
