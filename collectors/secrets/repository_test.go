package secrets

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/engine/fact"
)

// repository is made by git.
type repository struct {
	t   *testing.T
	dir string
}

func newRepository(t *testing.T) repository {
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("git is not installed")
		}
		t.Skip("git is not installed")
	}
	r := repository{t, t.TempDir()}
	r.git("init", "-q", "-b", "main")
	return r
}

func (r repository) git(args ...string) string {
	r.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "HOME="+r.dir,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r repository) write(name, text string) {
	r.t.Helper()
	full := filepath.Join(r.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o644)); err != nil {
		r.t.Fatal(err)
	}
}

func (r repository) commit() string {
	r.git("add", "-A")
	r.git("commit", "-q", "--allow-empty", "-m", "x")
	return r.git("rev-parse", "HEAD")
}

func (r repository) env(dir string) *collectors.Env {
	r.t.Helper()
	tree, root, err := collectors.OpenTree(filepath.Join(r.dir, dir))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { root.Close() })
	return &collectors.Env{Tree: tree, Now: time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC), Version: "test", Redactor: fact.NewRedactor()}
}

// The index says what is tracked: also what .gitignore names, and what is not
// checked out.
func TestTracked(t *testing.T) {
	key := fakes()["github_token"]
	r := newRepository(t)
	r.write(".gitignore", "*.local\nvendor/\n")
	for _, name := range []string{"tracked.txt", "forced.local", "vendor/forced.txt", "node_modules/x.js", "away.txt", "sub/dir/in.txt"} {
		r.write(name, name+" "+key+"\n")
		r.git("add", "-f", name)
	}
	for _, name := range []string{"untracked.txt", "ignored.local", "inner/file.txt"} {
		r.write(name, name+" "+key+"\n")
	}
	inner := repository{t, filepath.Join(r.dir, "inner")}
	inner.git("init", "-q")
	if err := os.Remove(filepath.Join(r.dir, "away.txt")); err != nil {
		t.Fatal(err)
	}
	want := `config/. github_token/away.txt 1:10
config/. github_token/forced.local 1:14
config/. github_token/inner/file.txt 1:16
config/. github_token/node_modules/x.js 1:19
config/. github_token/sub/dir/in.txt 1:16
config/. github_token/tracked.txt 1:13
config/. github_token/untracked.txt 1:15 untracked
config/. github_token/vendor/forced.txt 1:19
`
	if diff := cmp.Diff(want, told(t, r.env("."))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("config/sub github_token/sub/dir/in.txt 1:16\n", told(t, r.env("sub"))); diff != "" {
		t.Errorf("below (-want +got):\n%s", diff)
	}
	r.git("update-index", "--split-index")
	if got := told(t, r.env(".")); !strings.Contains(got, "github_token/untracked.txt 1:15\n") || !strings.Contains(got, "incomplete: the repository cannot be read (read the index: it is split over two files)") {
		t.Errorf("split index:\n%s", got)
	}
}

// History is searched where it is asked for: what was there once, at the commit that
// brought it in.
func TestHistory(t *testing.T) {
	token, url := fakes()["github_token"], fakes()["url_password"]
	r := newRepository(t)
	r.write("a.txt", "nothing\n")
	r.write("kept.txt", token+"\n")
	r.commit()
	r.write("a.txt", "one\n\n "+token+"\n")
	r.write("infra/main.tf", "# "+url+"\n")
	brought := r.commit()
	r.write("a.txt", "one\n\n\nelsewhere "+token+"\n") // the same again
	r.commit()
	r.write("a.txt", "gone\n")
	r.write("infra/main.tf", "# gone\n")
	r.write("kept.txt", "still "+token+"\n")
	last := r.commit()
	env := r.env(".")
	env.History = true
	want := "config/infra url_password/infra/main.tf@" + brought[:12] + " 0:0\n" +
		"config/. github_token/kept.txt 1:7\n" +
		"config/. github_token/a.txt@" + brought[:12] + " 0:0\n"
	if diff := cmp.Diff(want, told(t, env)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	env = r.env("infra")
	env.History = true
	if diff := cmp.Diff("config/infra url_password/infra/main.tf@"+brought[:12]+" 0:0\n", told(t, env)); diff != "" {
		t.Errorf("below (-want +got):\n%s", diff)
	}
	if got := told(t, r.env(".")); regexp.MustCompile("@").MatchString(got) {
		t.Errorf("nobody asked for history:\n%s", got)
	}
	r.write(".git/shallow", last+"\n")
	env = r.env(".")
	env.History = true
	if got := told(t, env); !strings.Contains(got, "config/. incomplete: history: the repository is shallow") {
		t.Errorf("shallow:\n%s", got)
	}
}

func TestNoHistory(t *testing.T) {
	dir := t.TempDir()
	r := repository{t, dir}
	r.write("a.txt", "x\n")
	env := r.env(".")
	env.History = true
	if got := told(t, env); got != "config/. incomplete: history was asked for, and there is no repository that can be read\n" {
		t.Error(got)
	}
}

// Rules of the command line stand beside the built-in ones.
func TestSecretRules(t *testing.T) {
	r := repository{t, t.TempDir()}
	r.write("a.txt", "own_0123456789 "+fakes()["github_token"]+"\n")
	env := r.env(".")
	env.SecretRules = []collectors.File{{Name: "rules.toml", Data: []byte("[[rules]]\nid = 'own'\nregex = 'own_\\d+'\nkeywords = ['own_']\n")}, {Name: "bad.toml", Data: []byte("[[rules]]\nid = 'x'\nregex = '('\n")}}
	if diff := cmp.Diff("config/. own/a.txt 1:1\nconfig/. github_token/a.txt 1:16\n", told(t, env)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if d := env.Diagnostics(); len(d) != 1 || !d[0].Fatal || d[0].Pos.Source != "bad.toml" {
		t.Errorf("%v", d)
	}
}
