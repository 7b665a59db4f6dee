package conftest

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// registry is as much of an OCI registry as pushes and pulls need.
type registry struct {
	host string
	// odd, where it is set, answers a request before the registry does, or not.
	odd func(http.ResponseWriter, *http.Request) bool

	mu        sync.Mutex
	manifests map[string]stored // by repository@tag and repository@digest
	blobs     map[string][]byte // by digest
	seen      []string          // method, path and credentials of all requests
}

type stored struct {
	kind string
	text []byte
}

var (
	manifestPath = regexp.MustCompile(`^/v2/(.+)/manifests/([^/]+)$`)
	blobPath     = regexp.MustCompile(`^/v2/(.+)/blobs/(sha256:[0-9a-f]+)$`)
	uploadPath   = regexp.MustCompile(`^/v2/(.+)/blobs/uploads/(.*)$`)
)

func newRegistry(t *testing.T) *registry {
	t.Helper()
	r := &registry{manifests: map[string]stored{}, blobs: map[string][]byte{}}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.host = strings.TrimPrefix(server.URL, "http://")
	// No settings of who runs the test.
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	return r
}

func digestOf(text []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(text)) }

// put stores a blob and returns its descriptor as JSON.
func (r *registry) put(kind, title, text string) string {
	r.blobs[digestOf([]byte(text))] = []byte(text)
	annotations := ""
	if title != "" {
		annotations = fmt.Sprintf(`, "annotations": {"org.opencontainers.image.title": %q}`, title)
	}
	return fmt.Sprintf(`{"mediaType": %q, "digest": %q, "size": %d%s}`, kind, digestOf([]byte(text)), len(text), annotations)
}

// tag stores a manifest of layers.
func (r *registry) tag(repository, tag string, layers ...string) {
	text := fmt.Appendf(nil, `{"schemaVersion": 2, "config": %s, "layers": [%s]}`,
		r.put("application/vnd.unknown.config.v1+json", "", "{}"), strings.Join(layers, ", "))
	r.store(repository, tag, "application/vnd.oci.image.manifest.v1+json", text)
}

func (r *registry) store(repository, tag, kind string, text []byte) {
	r.manifests[repository+"@"+tag] = stored{kind, text}
	r.manifests[repository+"@"+digestOf(text)] = stored{kind, text}
}

func (r *registry) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	r.seen = append(r.seen, strings.TrimSpace(q.Method+" "+q.URL.Path+" "+q.Header.Get("Authorization")))
	odd := r.odd
	r.mu.Unlock()
	if odd != nil && odd(w, q) {
		return
	}
	text, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	path := q.URL.Path
	switch m := uploadPath.FindStringSubmatch(path); {
	case m != nil && q.Method == http.MethodPost:
		w.Header().Set("Location", "/v2/"+m[1]+"/blobs/uploads/1")
		w.WriteHeader(http.StatusAccepted)
		return
	case m != nil && q.Method == http.MethodPut:
		if q.URL.Query().Get("digest") != digestOf(text) {
			http.Error(w, "digest", http.StatusBadRequest)
			return
		}
		r.blobs[digestOf(text)] = text
		w.WriteHeader(http.StatusCreated)
		return
	}
	if m := blobPath.FindStringSubmatch(path); m != nil {
		r.give(w, q, stored{"application/octet-stream", r.blobs[m[2]]})
		return
	}
	if m := manifestPath.FindStringSubmatch(path); m != nil {
		if q.Method == http.MethodPut {
			r.store(m[1], m[2], q.Header.Get("Content-Type"), text)
			w.WriteHeader(http.StatusCreated)
			return
		}
		r.give(w, q, r.manifests[m[1]+"@"+m[2]])
		return
	}
	w.WriteHeader(http.StatusOK)
}

func (r *registry) give(w http.ResponseWriter, q *http.Request, s stored) {
	if s.text == nil {
		http.NotFound(w, q)
		return
	}
	w.Header().Set("Content-Type", s.kind)
	w.Header().Set("Docker-Content-Digest", digestOf(s.text))
	w.Header().Set("Content-Length", fmt.Sprint(len(s.text)))
	if q.Method != http.MethodHead {
		w.Write(s.text)
	}
}
