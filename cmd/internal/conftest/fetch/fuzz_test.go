package fetch

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzUnpack holds that no archive writes outside of its folder, whatever it holds, nor
// anything but files and folders. Fuzzing is of the archive within the packing.
func FuzzUnpack(f *testing.F) {
	for _, names := range [][]string{{"p.rego"}, {"/a/p.rego", ".manifest"}, {"../p.rego"}, {"a", "a/b"}, {"sub/x", "./sub/y"}} {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, name := range names {
			if err := w.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: 2}); err != nil {
				f.Fatal(err)
			}
			if _, err := w.Write([]byte("x\n")); err != nil {
				f.Fatal(err)
			}
		}
		w.Close()
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write(text)
		w.Close()
		above := t.TempDir()
		inside := filepath.Join(above, "inside")
		if err := os.Mkdir(inside, 0o755); err != nil {
			t.Fatal(err)
		}
		s, err := newStage(inside)
		if err != nil {
			t.Fatal(err)
		}
		unpacked := unpack(context.Background(), s, &b)
		if unpacked == nil {
			err = s.place()
		}
		s.discard()
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		err = filepath.WalkDir(above, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if !entry.IsDir() {
				count++
			}
			if !entry.IsDir() && (!entry.Type().IsRegular() || !strings.HasPrefix(path, inside+string(filepath.Separator))) {
				t.Errorf("%s is there", path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if unpacked != nil && count > 0 {
			t.Errorf("%d files of a broken archive", count)
		}
	})
}

// FuzzParse holds that every address is understood or refused, and that what is read by
// name is no path out of a folder.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"oci://example.org/a:v1", "example.org/a@sha256:00", "https://example.org/a.tar.gz?checksum=sha256:00", "file::/a", "git::x", "[::1]:5000/a", "https://u:p@h/", "..", "%"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		from, err := parse(text)
		if err != nil {
			return
		}
		if d, ok := from.(download); ok && (d.url.Host == "" || strings.ContainsRune(d.name, '/')) {
			t.Errorf("%q: %q of %q", text, d.name, d.url.Host)
		}
		if from.String() == "" || from.base() == "" {
			t.Errorf("%q: no name", text)
		}
	})
}
