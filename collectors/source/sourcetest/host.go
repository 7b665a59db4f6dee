package sourcetest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// Host makes a saved host of an archive's files. The heading of a file may say more
// of it behind its name:
//
//	-- etc/cron.daily/logrotate mode=0755 mtime=2026-11-20T00:00:00Z --
//	-- etc/systemd/system/a.timer link=/dev/null --
//
// "dir" makes a folder of the name, "gz" compresses the content. The caller has the
// host's environment; the tree ends with the test. Owners are whoever runs the test;
// without an /etc/passwd of its own the tree calls them root.
func Host(t testing.TB, a *txtar.Archive) *collectors.Env {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "db1")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	type dated struct {
		name string
		at   time.Time
	}
	var later []dated
	for _, f := range a.Files {
		words := strings.Fields(f.Name)
		if len(words) == 0 || words[0] == want {
			continue
		}
		at := filepath.Join(dir, words[0])
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		data, mode, link, folder := f.Data, os.FileMode(0o644), "", false
		for _, w := range words[1:] {
			name, value, _ := strings.Cut(w, "=")
			var err error
			switch name {
			case "mode":
				var n uint64
				n, err = strconv.ParseUint(value, 8, 12)
				mode = os.FileMode(n)
			case "mtime":
				var stamp time.Time
				stamp, err = time.Parse(time.RFC3339, value)
				later = append(later, dated{at, stamp})
			case "link":
				link = value
			case "dir":
				folder = true
			case "gz":
				data = gzipped(t, data)
			default:
				err = fmt.Errorf("%q is none of mode, mtime, link, dir, gz", w)
			}
			if err != nil {
				t.Fatalf("file %s: %v", f.Name, err)
			}
		}
		var err error
		switch {
		case link != "":
			err = os.Symlink(link, at)
		case folder:
			err = os.MkdirAll(at, 0o755)
		default:
			if err = os.WriteFile(at, data, 0o600); err == nil {
				err = os.Chmod(at, mode)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	etc := filepath.Join(dir, "etc")
	for name, line := range map[string]string{"passwd": fmt.Sprintf("root:x:%d:%d::/root:/bin/sh\n", os.Geteuid(), os.Getegid()), "group": fmt.Sprintf("root:x:%d:\n", os.Getegid())} {
		if _, err := os.Lstat(filepath.Join(etc, name)); err == nil {
			continue
		}
		if err := os.MkdirAll(etc, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(etc, name), []byte(line), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range later {
		if err := os.Chtimes(l.name, l.at, l.at); err != nil {
			t.Fatal(err)
		}
	}
	host, err := collectors.OpenHost(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { host.Close() })
	host.Privileges = "root"
	return &collectors.Env{Host: host, Now: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC), Version: "test", Redactor: fact.NewRedactor()}
}

// Hosts runs a collector over every archive that the pattern names, each the file tree
// of a host. want.txt shows the documents in full and the diagnostics; with update, it
// is written anew. A text that begins with "planted" must not be in any of them.
func Hosts(t *testing.T, pattern string, update bool, c collectors.Collector, derivers ...collectors.Deriver) {
	t.Helper()
	cases(t, pattern, update, func(t *testing.T, a *txtar.Archive) string {
		env := Host(t, a)
		docs, statuses := collectors.Run(t.Context(), []collectors.Collector{c}, collectors.Machine, env)
		for _, s := range statuses {
			if s.Err != nil {
				t.Fatal(s.Err)
			}
		}
		valid(t, docs)
		return shown(t, docs, env, true, derivers...)
	})
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
