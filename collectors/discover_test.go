package collectors

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestDiscover lays out what discovery treats in a way of its own.
func TestDiscover(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(target, name string) {
		t.Helper()
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{".git/config", ".terraform/x", "node_modules/x", "in/.terragrunt-cache/x", "in/main.tf", "ignored/x", "in/kept"} {
		write(name, "")
	}
	write(".gitignore", "ignored\n*.skip\n")
	write("in/x.skip", "")
	link("main.tf", "in/inside.tf")
	link("../../nowhere", "in/broken")
	link(filepath.Join(outside, "secret"), "in/absolute")
	link("../../../../../../etc/hostname", "in/upwards")
	link(".", "in/loop")
	link("self", "in/self")
	if err := syscall.Mkfifo(filepath.Join(dir, "in/fifo"), 0o644); err != nil {
		t.Fatal(err)
	}
	big, err := os.Create(filepath.Join(dir, "in/big.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := big.Truncate(MaxFile + 1); err != nil {
		t.Fatal(err)
	}
	big.Close()

	tree, root, err := OpenTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if want := []string{".gitignore", "in/inside.tf", "in/kept", "in/main.tf"}; !slices.Equal(tree.Files, want) {
		t.Errorf("files %q, want %q", tree.Files, want)
	}
	refused := []string{"in/broken", "in/absolute", "in/upwards", "in/self", "in/fifo", "in/big.json"}
	for name, reason := range map[string]string{
		".git/": "version control", ".terraform/": "downloaded", "node_modules/": "installed", "in/.terragrunt-cache/": "downloaded",
		"ignored/": ".gitignore", "in/x.skip": ".gitignore", "in/loop": "link to a folder", "in/broken": "cannot be followed", "in/absolute": "cannot be followed",
		"in/upwards": "cannot be followed", "in/self": "cannot be followed", "in/fifo": "not a regular file", "in/big.json": "larger than",
	} {
		at := slices.IndexFunc(tree.Skipped, func(s Skipped) bool { return s.Path == name })
		if at < 0 {
			t.Errorf("%s is neither read nor skipped", name)
			continue
		}
		if s := tree.Skipped[at]; !strings.Contains(s.Reason, reason) || s.Refused != slices.Contains(refused, name) {
			t.Errorf("%s is skipped as %q (refused %v), want %q", name, s.Reason, s.Refused, reason)
		}
	}
	if len(tree.Skipped) != 13 || len(tree.Diagnostics) > 0 {
		t.Errorf("skipped %v, diagnostics %v", tree.Skipped, tree.Diagnostics)
	}
}

// TestNamed holds that what the user names is read whatever the rules say, and that
// the repository above gives paths their root.
func TestNamed(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{".git", "node_modules/x", "ignored"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{".gitignore": "ignored\n*.tf\n", "node_modules/x/a.json": "", "ignored/b.json": "", "ignored/c.tf": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"node_modules": "node_modules/x/a.json", "ignored": "ignored/b.json", "ignored/c.tf": "ignored/c.tf"} {
		tree, root, err := OpenTree(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		root.Close()
		if !slices.Equal(tree.Files, []string{want}) || tree.Dir != name {
			t.Errorf("%s: files %q below %q, want %q", name, tree.Files, tree.Dir, want)
		}
	}
}

func TestOpenTreeRefuses(t *testing.T) {
	for name, want := range map[string]string{
		filepath.Join(t.TempDir(), "nowhere"): "no such file or directory",
	} {
		if _, _, err := OpenTree(name); err == nil || !strings.Contains(err.Error(), "open source "+name) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
