package terraform

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what was read into the golden files")

// TestLoad evaluates the modules of testdata/load: each file of the archive is
// a file of the tree, want.txt the dump of the root module in the top folder,
// or in the folder that a line "root: DIR" of the comment names.
func TestLoad(t *testing.T) {
	cases, err := filepath.Glob("testdata/load/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got := dump(loadArchive(archive))
			want := goldenFile(archive)
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

const golden = "want.txt"

func goldenFile(a *txtar.Archive) *txtar.File {
	for i := range a.Files {
		if a.Files[i].Name == golden {
			return &a.Files[i]
		}
	}
	a.Files = append(a.Files, txtar.File{Name: golden})
	return &a.Files[len(a.Files)-1]
}

func loadArchive(a *txtar.Archive) *Root {
	dir := "."
	var opts Options
	for line := range strings.Lines(string(a.Comment)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "root":
			dir = value
		case "var-file":
			opts.VarFiles = append(opts.VarFiles, value)
		case "workspace":
			opts.Workspace = value
		}
	}
	return Load(archiveFS(a), dir, opts)
}

func archiveFS(a *txtar.Archive) fs.FS {
	fsys := fstest.MapFS{}
	for _, f := range a.Files {
		if f.Name != golden {
			fsys[f.Name] = &fstest.MapFile{Data: f.Data, Mode: 0o644}
		}
	}
	return fsys
}
