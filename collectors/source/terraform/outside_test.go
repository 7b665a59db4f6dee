//go:build unix

package terraform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestOutside reads a tree in which files are links that leave it and a FIFO:
// none is followed, opened or silently left out.
func TestOutside(t *testing.T) {
	top := t.TempDir()
	tree := filepath.Join(top, "tree")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(top, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(tree, 0o755); err != nil {
		t.Fatal(err)
	}
	write("secret.txt", "secret")
	write("outside.tf", "resource \"aws_x\" \"outside\" {}\n")
	write("tree/main.tf", `resource "aws_x" "y" {
  link   = file("link.txt")
  exists = fileexists("link.txt")
  up     = file("../secret.txt")
  fifo   = file("fifo")
  set    = fileset(".", "*.txt")
}
`)
	for link, target := range map[string]string{"link.txt": "../secret.txt", "linked.tf": "../outside.tf"} {
		if err := os.Symlink(target, filepath.Join(tree, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"fifo", "fifo.tf"} {
		if err := unix.Mkfifo(filepath.Join(tree, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(tree)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	r := Load(root.FS(), ".", Options{})
	if len(r.Resources) != 1 {
		t.Fatalf("%d resources", len(r.Resources))
	}
	for _, f := range r.Resources[0].Body.Fields {
		if f.Value.Kind != Unknown || f.Value.Reason == "" {
			t.Errorf("%s is %+v", f.Name, f.Value)
		}
	}
	incomplete := strings.Join(r.Incomplete, "\n")
	for _, name := range []string{"linked.tf", "fifo.tf"} {
		if !strings.Contains(incomplete, name) {
			t.Errorf("%s is missing from incomplete: %q", name, r.Incomplete)
		}
	}
	for _, d := range r.Diagnostics {
		if strings.Contains(d.Summary, top) {
			t.Errorf("diagnostic names a path of the machine: %v", d)
		}
	}
}
