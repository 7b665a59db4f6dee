package conftest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree returns the files of a folder by their paths, nil where there is none.
func tree(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// succeed runs a command that has to succeed and returns what it writes.
func succeed(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, status := face(t, args...)
	if status != 0 {
		t.Fatalf("%v: status %d\n%s%s", args, status, out, errs)
	}
	return out
}

// fail runs a command that has to fail with an error that holds a text.
func fail(t *testing.T, want string, args ...string) {
	t.Helper()
	out, errs, status := face(t, args...)
	if status != 1 || !strings.Contains(errs, want) {
		t.Errorf("%v: status %d, want 1 with %q\n%s%s", args, status, want, out, errs)
	}
}

// TestPushLikeConftest holds that the manifest of what is pushed is conftest's, which is
// recorded with its layers in the order of their names, and that it is pulled again.
func TestPushLikeConftest(t *testing.T) {
	pushed, err := filepath.Abs(filepath.Join("..", "..", "..", "testdata", "conftest", "pushed"))
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := os.ReadFile(filepath.Join(pushed, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	r := newRegistry(t)
	t.Chdir(pushed)
	first := succeed(t, "push", r.host+"/team/policies", "-d", "data")
	if again := succeed(t, "push", r.host+"/team/policies", "-d", "data"); again != first {
		t.Errorf("the same policies, pushed again: %s, then %s", first, again)
	}
	var want, got any
	for text, to := range map[string]*any{string(recorded): &want, string(r.manifests["team/policies@latest"].text): &got} {
		if err := json.Unmarshal([]byte(text), to); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("manifest (-conftest +writ):\n%s", diff)
	}
	files := map[string]string{}
	for _, folder := range []string{"policy", "data"} {
		for name, text := range tree(t, folder) {
			files[folder+"/"+name] = text
		}
	}
	t.Chdir(t.TempDir())
	for _, address := range []string{r.host + "/team/policies", "oci://" + r.host + "/team/policies:latest", "oci::" + r.host + "/team/policies"} {
		succeed(t, "pull", address, "-p", "got")
		if diff := cmp.Diff(files, tree(t, "got")); diff != "" {
			t.Errorf("%s (-pushed +pulled):\n%s", address, diff)
		}
	}
	digest := digestOf(r.manifests["team/policies@latest"].text)
	succeed(t, "pull", r.host+"/team/policies@"+digest, "-p", "pinned")
	if diff := cmp.Diff(files, tree(t, "pinned")); diff != "" {
		t.Errorf("by digest (-pushed +pulled):\n%s", diff)
	}
	if out := succeed(t, "verify", "-p", "got/policy"); !strings.Contains(out, "1 test, 1 passed") {
		t.Error(out)
	}
}

// TestPushRefuses holds that what could not be pulled is not pushed.
func TestPushRefuses(t *testing.T) {
	unpack(t, `
-- policy/p.rego --
package main

deny contains "x" if undefined_function(1)
-- good/p.rego --
package main

deny contains http.send({"method": "get", "url": "http://127.0.0.1:1"}).status
-- data/broken.json --
{
`)
	r := newRegistry(t)
	fail(t, "missing required arguments", "push")
	fail(t, "destination url missing repository", "push", r.host)
	fail(t, "undefined function undefined_function", "push", r.host+"/p")
	fail(t, "load documents", "push", r.host+"/p", "-p", "good", "-d", "data")
	fail(t, "push from a folder above it", "push", r.host+"/p", "-p", "../"+filepath.Base(cwd(t))+"/good")
	fail(t, "either policy or data must be set", "push", r.host+"/p", "-p", "")
	fail(t, "named by a tag", "push", r.host+"/p@"+digestOf(nil), "-p", "good")
	if len(r.manifests) > 0 || len(r.blobs) > 0 {
		t.Errorf("something was pushed: %v", r.manifests)
	}
	succeed(t, "push", r.host+"/p", "-p", "good") // it is pushed, not asked
}

func cwd(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// TestPullPlaces holds where pulled files go, what they replace and what they do not.
func TestPullPlaces(t *testing.T) {
	unpack(t, `
-- src/one.rego --
package main

deny contains "one"
-- src/sub/two.rego --
package main

deny contains "two"
-- taken/sub --
a file
-- folder/one.rego/inner.rego --
a folder of the name of a file
-- full/one.rego --
mine
-- full/kept.rego --
kept
`)
	succeed(t, "pull", "src", "-p", "new/deep")
	if diff := cmp.Diff(tree(t, "src"), tree(t, "new/deep")); diff != "" {
		t.Error(diff)
	}
	// A single file is not overwritten, and nothing else is fetched then.
	fail(t, "policy file already exists at full/one.rego, refusing to overwrite", "pull", "src/sub/two.rego", "src/one.rego", "-p", "full")
	if diff := cmp.Diff(map[string]string{"one.rego": "mine\n", "kept.rego": "kept\n"}, tree(t, "full")); diff != "" {
		t.Error(diff)
	}
	// The files of a folder are; one that stands where a folder has to be stops all.
	succeed(t, "pull", "src", "-p", "full")
	if got := tree(t, "full"); len(got) != 3 || got["kept.rego"] != "kept\n" || !strings.Contains(got["one.rego"], "package main") {
		t.Errorf("%v", got)
	}
	fail(t, "write policies", "pull", "src", "-p", "taken")
	if diff := cmp.Diff(map[string]string{"sub": "a file\n"}, tree(t, "taken")); diff != "" {
		t.Error(diff)
	}
	fail(t, "one.rego is a folder here", "pull", "src", "-p", "folder")
	if diff := cmp.Diff(map[string]string{"one.rego/inner.rego": "a folder of the name of a file\n"}, tree(t, "folder")); diff != "" {
		t.Error(diff)
	}
	// An absolute path is one beneath the working folder, but with the flag.
	there := filepath.Join(t.TempDir(), "there")
	succeed(t, "pull", "src/one.rego", "-p", there)
	succeed(t, "pull", "src/one.rego", "-p", there, "--absolute-paths")
	for _, path := range []string{there, filepath.Join(".", there)} {
		if got := tree(t, path); len(got) != 1 {
			t.Errorf("%s: %v", path, got)
		}
	}
	if err := os.Symlink("/etc/hostname", "src/link.rego"); err != nil {
		t.Fatal(err)
	}
	fail(t, "link.rego is a link", "pull", "src", "-p", "linked")
	if got := tree(t, "linked"); got != nil {
		t.Errorf("%v", got)
	}
}

// TestPullElsewhere holds what is said of sources that are not read.
func TestPullElsewhere(t *testing.T) {
	t.Chdir(t.TempDir())
	for source, want := range map[string]string{
		"git::https://example.org/a.git":                 "clone it with git",
		"github.com/open-policy-agent/conftest":          "clone it with git",
		"git@example.org:a/b.git":                        "clone it with git",
		"hg::http://example.org/a":                       "clone it with hg",
		"s3::https://s3.amazonaws.com/bucket/a":          "aws s3 cp",
		"bucket.s3.amazonaws.com/a":                      "aws s3 cp",
		"gcs::https://www.googleapis.com/storage/v1/b/a": "gcloud storage cp",
		"https://example.org/policies.zip":               "offer it as .tar.gz",
		"https://example.org/policies.tar.gz//sub":       "a part of an archive is not taken",
		"https://example.org/a.rego?checksum=md5:aa":     "neither sha256 nor sha512",
		"ftp://example.org/a":                            `no way to fetch "ftp"`,
		"nothing/here":                                   "no such file, and no repository",
		"example.org/UPPER/case":                         "reference",
		"file:///no/such/file":                           "no such file",
	} {
		fail(t, want, "pull", source)
	}
	if got := tree(t, "."); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

// TestUpdate holds that policies are fetched before a test, and again, and that those
// which settings name are only where the command line says so.
func TestUpdate(t *testing.T) {
	unpack(t, `
-- remote/a/main.rego --
package main

deny contains "a"
-- remote/b/main.rego --
package main

deny contains "b"
-- in.json --
{}
-- settings/conftest.toml --
update = ["remote/a"]
`)
	for _, letter := range []string{"a", "b", "b", "a"} {
		out, errs, status := face(t, "test", "-p", "got", "--update", "remote/"+letter, "--no-color", "in.json")
		if want := "FAIL - in.json - main - " + letter + "\n\n1 test, 0 passed, 0 warnings, 1 failure, 0 exceptions\n"; out != want || status != 1 {
			t.Errorf("status %d, %s, want %s%s", status, out, want, errs)
		}
	}
	fail(t, "conftest.toml: update is taken from the command line only", "test", "-c", "settings/conftest.toml", "-p", "named", "in.json")
	if tree(t, "named") != nil {
		t.Error("fetched what a file names")
	}
	out, errs, status := face(t, "test", "-c", "settings/conftest.toml", "-p", "named", "--allow-update", "--no-color", "in.json")
	if status != 1 || !strings.Contains(out, "FAIL - in.json - main - a") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	t.Setenv("CONFTEST_UPDATE", "remote/a")
	fail(t, "CONFTEST_UPDATE: update is taken from the command line only", "test", "-p", "named", "in.json")
}

// TestSettingsOfPull holds that a file of the tree says neither where outside of it
// policies are written nor that TLS is not needed.
func TestSettingsOfPull(t *testing.T) {
	unpack(t, `
-- src/p.rego --
package main
-- out/conftest.toml --
policy = "../elsewhere"
-- plain/conftest.toml --
tls = false
-- absolute/conftest.toml --
absolute-paths = true
-- fine/conftest.toml --
policy = "sub/policies"
`)
	fail(t, "policy leads out of the working folder", "pull", "-c", "out/conftest.toml", "src")
	fail(t, "tls is not taken from a file", "pull", "-c", "plain/conftest.toml", "src")
	fail(t, "absolute-paths is not taken from a file", "pull", "-c", "absolute/conftest.toml", "src")
	succeed(t, "pull", "-c", "fine/conftest.toml", "src")
	if got := tree(t, "sub/policies"); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

// TestCredentials holds that the registry is told what docker's settings hold for it,
// and only it.
func TestCredentials(t *testing.T) {
	t.Chdir(t.TempDir())
	r := newRegistry(t)
	other := newRegistry(t)
	secret := "synthetic" + "-secret"
	word := base64.StdEncoding.EncodeToString([]byte("me:" + secret))
	settings := fmt.Sprintf(`{"auths": {%q: {"auth": %q}}}`, r.host, word)
	if err := os.WriteFile(filepath.Join(os.Getenv("DOCKER_CONFIG"), "config.json"), []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	locked := func(w http.ResponseWriter, q *http.Request) bool {
		if q.Header.Get("Authorization") == "Basic "+word {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}
	r.odd, other.odd = locked, locked
	for _, one := range []*registry{r, other} {
		one.tag("p", "latest", one.put("application/vnd.cncf.openpolicyagent.policy.layer.v1+rego", "p.rego", "package main\n"))
	}
	succeed(t, "pull", r.host+"/p", "-p", "got")
	fail(t, "credential", "pull", other.host+"/p", "-p", "other")
	if said := strings.Join(other.seen, "\n"); strings.Contains(said, word) {
		t.Errorf("another registry was told: %s", said)
	}
	r.odd = func(w http.ResponseWriter, q *http.Request) bool {
		if !locked(w, q) && strings.Contains(q.URL.Path, "/blobs/") {
			http.Redirect(w, q, "http://"+other.host+"/steal", http.StatusTemporaryRedirect)
			return true
		}
		return q.Header.Get("Authorization") == ""
	}
	_, errs, status := face(t, "pull", r.host+"/p", "-p", "redirected")
	if status != 1 || !strings.Contains(errs, "without TLS") || strings.Contains(errs, secret) || strings.Contains(errs, word) {
		t.Errorf("status %d, %s", status, errs)
	}
	if said := strings.Join(other.seen, "\n"); strings.Contains(said, "steal") {
		t.Errorf("another host was asked: %s", said)
	}
}

// TestUnfinished holds that what a process left that was killed while it fetched is none of
// the policies, nor of the data.
func TestUnfinished(t *testing.T) {
	unpack(t, `
-- policy/p.rego --
package main

deny contains "complete" if data.a
-- policy/data.json --
{"a": 1}
-- policy/.conftest-pull-1/files/q.rego --
package main

deny contains "unfinished"
-- policy/.conftest-pull-1/files/data.json --
{"a": 2}
-- in.json --
{}
`)
	out, errs, status := face(t, "test", "-d", "policy", "--no-color", "in.json")
	if want := "FAIL - in.json - main - complete\n\n1 test, 0 passed, 0 warnings, 1 failure, 0 exceptions\n"; out != want || status != 1 {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
}
