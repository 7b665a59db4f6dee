package conftest

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

const (
	ociManifest = "application/vnd.oci.image.manifest.v1+json"
	regoLayer   = "application/vnd.cncf.openpolicyagent.policy.layer.v1+rego"
	tarLayer    = "application/vnd.oci.image.layer.v1.tar+gzip"
)

// TestHostileRegistry holds that whatever a registry answers is an error that says what
// is wrong, that nothing is written, and that neither memory nor time run away.
func TestHostileRegistry(t *testing.T) {
	manifests := func(answer http.HandlerFunc) func(*registry) {
		return func(r *registry) { r.odd = onPath("/manifests/", answer) }
	}
	blobs := func(answer http.HandlerFunc) func(*registry) {
		return func(r *registry) { r.odd = onPath("/blobs/", answer) }
	}
	type registryCase struct {
		name    string
		prepare func(*registry)
		want    string
	}
	cases := []registryCase{
		{"no such repository", func(r *registry) { clear(r.manifests) }, "not found"},
		{"web page", manifests(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html>welcome</html>")
		}), `"text/html" is not that of an artifact`},
		{"no media type", manifests(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			fmt.Fprint(w, "{}")
		}), "Content-Type"},
		{"error", manifests(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }), "500"},
		{"forbidden", manifests(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }), "403"},
		{"hangs up", manifests(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), "EOF"},
		{"manifest is not JSON", manifests(give(ociManifest, "{")), "unexpected end of JSON input"},
		{"manifest of another version", manifests(give(ociManifest, `{"schemaVersion": 1}`)), "not of the form"},
		{"manifest without layers", manifests(give(ociManifest, `{"schemaVersion": 2}`)), "there is nothing in it"},
		{"manifest of another type within", manifests(give(ociManifest, `{"schemaVersion": 2, "mediaType": "x/y"}`)), "not of the form"},
		{"index", manifests(give("application/vnd.oci.image.index.v1+json", `{"schemaVersion": 2}`)), "name one by its digest"},
		{"huge manifest", manifests(give(ociManifest, strings.Repeat(" ", 5<<20))), "more than 4 MiB"},
		{"endless manifest", manifests(endless(ociManifest)), "manifest"},
		{"manifest of another digest", manifests(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Docker-Content-Digest", digestOf([]byte("else")))
			give(ociManifest, `{"schemaVersion": 2}`)(w, nil)
		}), "mismatched digest"},
		{"digest that is none", manifests(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Docker-Content-Digest", "sha256:../../etc")
			give(ociManifest, `{"schemaVersion": 2}`)(w, nil)
		}), "invalid"},
		{"manifest is cut", manifests(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", ociManifest)
			w.Header().Set("Content-Length", "500")
			fmt.Fprint(w, `{"schemaVersion": 2`)
		}), "EOF"},
		{"manifest of too many layers", func(r *registry) {
			layer := r.put(regoLayer, "p.rego", "package main\n")
			r.tag("p", "latest", strings.Repeat(layer+",", 10_000)+layer)
		}, "more than 10000 layers"},
		{"redirect to another host", manifests(func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, "http://registry.invalid/v2/", http.StatusFound)
		}), "points to registry.invalid without TLS"},
		{"redirects without end", manifests(func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, q.URL.Path+"x", http.StatusFound)
		}), "more than 5 redirects"},
		{"challenge to another host", manifests(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="http://169.254.169.254/token",service="x"`)
			w.WriteHeader(http.StatusUnauthorized)
		}), "realm"},
		{"layer of another digest", blobs(give("application/octet-stream", "package m4in\n")), "mismatched digest"},
		{"layer is cut", blobs(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "13")
			fmt.Fprint(w, "package")
		}), "EOF"},
		{"layer is longer", blobs(give("application/octet-stream", "package main\n\nallow := true\n")), "mismatch Content-Length"},
		{"endless layer", blobs(endless("application/octet-stream")), "layer"},
		{"layer is not there", blobs(http.NotFound), "not found"},
		{"layer of a size that cannot be", withLayer(fmt.Sprintf(`{"mediaType": %q, "digest": %q, "size": 4611686018427387904}`, tarLayer, digestOf(nil))), "more than 64 MiB"},
		{"layer of a negative size", withLayer(fmt.Sprintf(`{"mediaType": %q, "digest": %q, "size": -1}`, tarLayer, digestOf(nil))), "more than 64 MiB"},
		{"layer of a digest that is a path", withLayer(`{"mediaType": "` + tarLayer + `", "digest": "../../../etc/passwd", "size": 1}`), "digest"},
		{"layer without a name", withLayer(`{"mediaType": "` + regoLayer + `", "digest": "` + digestOf(nil) + `", "size": 0}`), "has no name"},
		{"layer without a type", withLayer(`{"digest": "` + digestOf(nil) + `", "size": 0}`), "media type"},
		{"two layers of a name", func(r *registry) {
			r.tag("p", "latest", r.put(regoLayer, "p.rego", "package main\n"), r.put(regoLayer, "p.rego", "package other\n"))
		}, `"p.rego" stands twice`},
		{"a file that is a folder", func(r *registry) {
			r.tag("p", "latest", r.put(regoLayer, "p", "package main\n"), r.put(regoLayer, "p/q.rego", "package other\n"))
		}, "is a file and a folder"},
		{"bundle that is none", func(r *registry) { r.tag("p", "latest", r.put(tarLayer, "", "package main\n")) }, "unpack: gzip"},
	}
	for _, name := range []string{"/etc/passwd", "../out.rego", "a/../../out.rego", "a//b", "./a", "a/", ".", "..", "a\\..\\b", "C:\\a", "c:a", "a\x00b", "a\nb",
		".git/hooks/pre-commit", "sub/.GIT/config", strings.Repeat("a/", 40) + "b", strings.Repeat("a", 2000)} {
		cases = append(cases, registryCase{fmt.Sprintf("layer called %.30q", name), func(r *registry) {
			r.tag("p", "latest", r.put(regoLayer, "good.rego", "package main\n"), r.put(regoLayer, "bad", "package other\n"))
			m := r.manifests["p@latest"]
			title := strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(name, `\`, `\\`), "\x00", `\u0000`), "\n", `\n`)
			r.store("p", "latest", m.kind, []byte(strings.Replace(string(m.text), `"bad"`, `"`+title+`"`, 1)))
		}, "name"})
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			r := newRegistry(t)
			r.tag("p", "latest", r.put(regoLayer, "p.rego", "package main\n"))
			c.prepare(r)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			fail(t, c.want, "pull", r.host+"/p")
			runtime.ReadMemStats(&after)
			if took := after.TotalAlloc - before.TotalAlloc; took > 256<<20 {
				t.Errorf("%d MiB were allocated", took>>20)
			}
			if got := tree(t, "."); len(got) > 0 {
				t.Errorf("left behind: %v", got)
			}
		})
	}
}

// TestSlowRegistry holds that a transfer ends in time, at whatever it is.
func TestSlowRegistry(t *testing.T) {
	for _, path := range []string{"/manifests/", "/blobs/"} {
		t.Chdir(t.TempDir())
		r := newRegistry(t)
		r.tag("p", "latest", r.put(regoLayer, "p.rego", "package main\n"))
		r.odd = onPath(path, func(w http.ResponseWriter, q *http.Request) {
			w.Header().Set("Content-Type", ociManifest)
			w.Header().Set("Content-Length", "13")
			fmt.Fprint(w, "p")
			w.(http.Flusher).Flush()
			<-q.Context().Done()
		})
		fail(t, "not fetched within 200ms", "pull", "--timeout", "200ms", r.host+"/p")
		if got := tree(t, "."); len(got) > 0 {
			t.Errorf("left behind: %v", got)
		}
	}
	fail(t, "leaves no time", "pull", "--timeout", "0", "registry.invalid/p")
}

// onPath answers the requests to paths that hold a part.
func onPath(part string, answer http.HandlerFunc) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, q *http.Request) bool {
		if !strings.Contains(q.URL.Path, part) {
			return false
		}
		answer(w, q)
		return true
	}
}

func give(kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Length", fmt.Sprint(len(text)))
		fmt.Fprint(w, text)
	}
}

func endless(kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Content-Type", kind)
		if q.Method == http.MethodHead {
			w.Header().Set("Docker-Content-Digest", digestOf(nil))
			w.Header().Set("Content-Length", "1000")
			return
		}
		for block := make([]byte, 64<<10); ; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
}

// withLayer makes the manifest hold a layer that is not stored.
func withLayer(descriptor string) func(*registry) {
	return func(r *registry) { r.tag("p", "latest", descriptor) }
}
