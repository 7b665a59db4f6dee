package conftest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// packed makes a .tar.gz of entries.
func packed(t *testing.T, entries ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	files := tar.NewWriter(zipped)
	for _, h := range entries {
		text := h.Uname // the content
		h.Uname, h.Mode = "", 0o644
		if h.Typeflag == tar.TypeReg && h.Size == 0 {
			h.Size = int64(len(text))
		}
		if err := files.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Size > int64(len(text)) {
			if _, err := io.CopyN(files, zeros{}, h.Size); err != nil {
				t.Fatal(err)
			}
		} else if _, err := io.WriteString(files, text); err != nil {
			t.Fatal(err)
		}
	}
	files.Close()
	zipped.Close()
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// entry is a file of an archive.
func entry(name, text string) tar.Header {
	return tar.Header{Name: name, Typeflag: tar.TypeReg, Uname: text}
}

// TestArchives holds that an archive is unpacked beneath its folder, whole and bounded,
// from a file, over HTTP and from a registry, or not at all.
func TestArchives(t *testing.T) {
	good := entry("/main/p.rego", "package main\n") // OPA's bundles have such names
	link := func(kind byte, to string) tar.Header {
		return tar.Header{Name: "link.rego", Typeflag: kind, Linkname: to}
	}
	many := make([]tar.Header, 10_001)
	for i := range many {
		many[i] = entry(fmt.Sprintf("%d.rego", i), "")
	}
	whole := packed(t, good)
	type archiveCase struct {
		name string
		text []byte
		want string
	}
	cases := []archiveCase{
		{"not packed", []byte("package main\n"), "gzip: invalid header"},
		{"empty", nil, "EOF"},
		{"of nothing", packed(t), "there is nothing in it"},
		{"cut", whole[:len(whole)-12], "unexpected EOF"},
		{"of another checksum", append(bytes.Clone(whole[:len(whole)-8]), 1, 2, 3, 4, 5, 6, 7, 8), "gzip: invalid checksum"},
		{"of text", gzipped(t, "package main\n"), "unpack"},
		{"symbolic link", packed(t, good, link(tar.TypeSymlink, "/etc/passwd")), "is a link or a device"},
		{"symbolic link within", packed(t, good, link(tar.TypeSymlink, "main/p.rego")), "is a link or a device"},
		{"link to a folder, and a file through it", packed(t, tar.Header{Name: "sub", Typeflag: tar.TypeSymlink, Linkname: "/tmp"}, entry("sub/p.rego", "x")), "is a link or a device"},
		{"hard link", packed(t, good, link(tar.TypeLink, "main/p.rego")), "is a link or a device"},
		{"device", packed(t, good, link(tar.TypeChar, "")), "is a link or a device"},
		{"pipe", packed(t, good, link(tar.TypeFifo, "")), "is a link or a device"},
		{"name twice", packed(t, good, good), "stands twice"},
		{"file and folder", packed(t, entry("main", "x"), good), "is a file and a folder"},
		{"too many", packed(t, many...), "more than 10000 files"},
		{"too large", packed(t, tar.Header{Name: "zeros.rego", Typeflag: tar.TypeReg, Size: 300 << 20}), "more than 256 MiB"},
		{"too large together", packed(t, tar.Header{Name: "a.rego", Typeflag: tar.TypeReg, Size: 200 << 20},
			tar.Header{Name: "b.rego", Typeflag: tar.TypeReg, Size: 100 << 20}), "more than 256 MiB"},
	}
	for _, name := range []string{"../out.rego", "a/../../out.rego", "//etc/passwd", "/../x", "a\\b", "c:x", ".git/config", strings.Repeat("d/", 40) + "p.rego"} {
		cases = append(cases, archiveCase{fmt.Sprintf("file %.30q", name), packed(t, good, entry(name, "x")), "name"})
	}
	for _, name := range []string{"../out/", "a/../../out/", "/../x/"} {
		cases = append(cases, archiveCase{"folder " + name, packed(t, good, tar.Header{Name: name, Typeflag: tar.TypeDir}), "name"})
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if err := os.WriteFile("bundle.tar.gz", c.text, 0o644); err != nil {
				t.Fatal(err)
			}
			fail(t, c.want, "pull", "bundle.tar.gz")
			if got := tree(t, "."); len(got) != 1 {
				t.Errorf("left behind: %v", got)
			}
		})
	}
}

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return b.Bytes()
}

// TestArchivePlaces holds that one archive gives the same files from wherever.
func TestArchivePlaces(t *testing.T) {
	t.Chdir(t.TempDir())
	text := packed(t,
		tar.Header{Name: "./main/", Typeflag: tar.TypeDir},
		entry("./main/p.rego", "package main\n\ndeny contains \"x\"\n"), entry("/data.json", "{}\n"), entry(".manifest", `{"roots": ["main"]}`))
	want := map[string]string{"main/p.rego": "package main\n\ndeny contains \"x\"\n", "data.json": "{}\n", ".manifest": `{"roots": ["main"]}`}
	r := newRegistry(t)
	r.tag("bundle", "v1", r.put(tarLayer, "", string(text)))
	r.tag("titled", "v1", r.put(tarLayer, "bundle.tar.gz", string(text)))
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		switch q.URL.Path {
		case "/b.tar.gz", "/b":
			w.Header().Set("Content-Type", "application/gzip")
			w.Write(text)
		case "/moved.tar.gz":
			http.Redirect(w, q, "/b.tar.gz", http.StatusFound)
		case "/page.tar.gz":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Write(text)
		case "/away.tar.gz":
			http.Redirect(w, q, "http://files.invalid/b.tar.gz", http.StatusFound)
		case "/endless.rego":
			endless("text/plain")(w, q)
		default:
			http.NotFound(w, q)
		}
	}))
	defer web.Close()
	if err := os.WriteFile("b.tgz", text, 0o644); err != nil {
		t.Fatal(err)
	}
	sum := strings.TrimPrefix(digestOf(text), "sha256:")
	for i, from := range []string{
		"b.tgz", "file::" + cwd(t) + "/b.tgz", "file://" + cwd(t) + "/b.tgz", r.host + "/bundle:v1", "oci://" + r.host + "/titled:v1",
		web.URL + "/b.tar.gz", web.URL + "/moved.tar.gz", web.URL + "/b?archive=tar.gz", web.URL + "/b.tar.gz?checksum=sha256:" + sum, web.URL + "/b.tar.gz?checksum=" + sum,
	} {
		folder := fmt.Sprintf("got%d", i)
		succeed(t, "pull", from, "-p", folder)
		if diff := cmp.Diff(want, tree(t, folder)); diff != "" {
			t.Errorf("%s:\n%s", from, diff)
		}
	}
	succeed(t, "pull", web.URL+"/b.tar.gz?archive=false", "-p", "kept")
	if got := tree(t, "kept"); got["b.tar.gz"] != string(text) {
		t.Error("the archive was not kept")
	}
	for from, want := range map[string]string{
		"/b.tar.gz?checksum=sha256:" + strings.Repeat("0", 64): "checksum: want 0000",
		"/nothing.rego": `the server says "404 Not Found"`,
		"/page.tar.gz":  "the server gives a web page",
		"/away.tar.gz":  "points to files.invalid without TLS",
		"/endless.rego": "more than 64 MiB",
		"/":             "names no file",
	} {
		fail(t, want, "pull", web.URL+from, "-p", "none")
	}
	if tree(t, "none") != nil {
		t.Error("something was written")
	}
}
