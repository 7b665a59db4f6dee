package collectors

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// hostTree writes a saved host: NAME → text, or "-> TO" for a link.
func hostTree(t *testing.T, files map[string]string) *Host {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if to, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(to, at)
		} else {
			err = os.WriteFile(at, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	h, err := OpenHost(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// A saved tree is read as the host would read it, and nothing beside it.
func TestHostFS(t *testing.T) {
	h := hostTree(t, map[string]string{
		"etc/hostname":      "# a comment\ndb1\n",
		"usr/lib/os":        "inside",
		"etc/relative":      "-> ../usr/lib/os",
		"etc/absolute":      "-> /usr/lib/os",
		"etc/above":         "-> ../../../../usr/lib/os",
		"etc/folder":        "-> /usr/lib",
		"etc/loop":          "-> loop",
		"etc/passwd":        "-> /etc/shadow-of-nobody",
		"etc/twice":         "-> /etc/absolute",
		"etc/longname/deep": "x",
	})
	if h.Name != "db1" || h.Live || h.Target().ID != "host/db1" {
		t.Errorf("host %q, live %v", h.Name, h.Live)
	}
	got := map[string]string{}
	for _, name := range []string{"etc/relative", "etc/absolute", "etc/above", "etc/folder/os", "etc/twice", "etc/loop", "etc/passwd", "etc", "../etc/hostname", "etc/folder"} {
		data, err := ReadFile(h.Files, name, 100)
		got[name] = string(data)
		if err != nil {
			got[name] = "error: " + err.Error()
		}
	}
	want := map[string]string{
		"etc/relative": "inside", "etc/absolute": "inside", "etc/above": "inside", "etc/folder/os": "inside", "etc/twice": "inside",
		"etc/loop": "error: too many links", "etc/passwd": "error: no such file or directory", "etc": "error: it is a folder",
		"../etc/hostname": "error: invalid argument", "etc/folder": "error: it is a folder",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	entries, err := fs.ReadDir(h.Files, "etc/folder")
	if err != nil || len(entries) != 1 || entries[0].Name() != "os" {
		t.Errorf("ReadDir through a link: %v, %v", entries, err)
	}
}

// A FIFO is refused, and nobody waits for its writer.
func TestHostFIFO(t *testing.T) {
	h := hostTree(t, map[string]string{"etc/x": ""})
	if err := syscall.Mkfifo(filepath.Join(h.Files.root.Name(), "etc/fifo"), 0o600); err != nil {
		t.Skip("no FIFO: ", err)
	}
	if _, err := h.Files.Open("etc/fifo"); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("opened: %v", err)
	}
}

// A saved tree runs nothing; a live host nothing beyond the list.
func TestExec(t *testing.T) {
	for name, e := range map[string]Exec{"saved": {}, "live": {allowed: true}} {
		if _, err := e.Run(t.Context(), Command{Program: "sh", Args: []string{"-c", "exit 0"}, Time: time.Second}); !errors.Is(err, ErrNoProgram) {
			t.Errorf("%s: sh ran: %v", name, err)
		}
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "nft")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(program, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := trusted(program); err == nil {
		t.Errorf("a program that anybody may write was trusted")
	}
}
