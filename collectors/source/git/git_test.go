package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// repository is made by git itself, which then tells the truth about it.
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
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org",
		"GIT_AUTHOR_DATE=2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE=2026-01-01T00:00:00Z")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func (r repository) write(name, text string) {
	full := filepath.Join(r.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o644)); err != nil {
		r.t.Fatal(err)
	}
}

// grow makes a history of some commits, with a merge, renames and large files that
// packs write as deltas.
func (r repository) grow() {
	body := strings.Repeat("a line that stays as it is\n", 400)
	for i := range 12 {
		r.write("src/main.txt", fmt.Sprintf("version %d\n%s%d\n", i, body, i*i))
		r.write(fmt.Sprintf("src/deep/er/f%d.txt", i%5), fmt.Sprintf("file %d of %d\n", i, i))
		r.git("add", "-A")
		r.git("commit", "-q", "-m", fmt.Sprint(i))
		if i == 4 {
			r.git("checkout", "-q", "-b", "side")
			r.write("side.txt", "of a branch\n")
			r.git("add", "-A")
			r.git("commit", "-q", "-m", "side")
			r.git("checkout", "-q", "main")
		}
	}
	r.git("merge", "-q", "-m", "merge", "side")
	r.git("rm", "-q", "src/deep/er/f1.txt")
	r.git("commit", "-q", "-m", "less")
}

// blobs are those that git lists in the history of HEAD.
func (r repository) blobs() []string {
	var out []string
	for line := range strings.Lines(r.git("rev-list", "--objects", "HEAD")) {
		id := strings.Fields(line)[0]
		if strings.TrimSpace(r.git("cat-file", "-t", id)) == "blob" {
			out = append(out, id+" "+strings.Fields(line)[1])
		}
	}
	slices.Sort(out)
	return out
}

func (r repository) open() *Repository {
	r.t.Helper()
	root, err := os.OpenRoot(r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { root.Close() })
	repo, err := Open(root.FS(), "src")
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(repo.Close)
	return repo
}

var generous = Limits{Commits: 1000, Files: 1000, Bytes: 1 << 30}

func TestHistory(t *testing.T) {
	r := newRepository(t)
	r.grow()
	check := func(how string) {
		t.Helper()
		repo := r.open()
		var got []string
		missed, err := repo.History(context.Background(), generous, nil, func(v Visited) error {
			cmd := exec.Command("git", "hash-object", "--stdin")
			cmd.Stdin = bytes.NewReader(v.Data)
			id, err := cmd.Output()
			got = append(got, strings.TrimSpace(string(id))+" "+v.Path)
			// The commit holds the content at that path.
			if there := strings.TrimSpace(r.git("rev-parse", v.Commit.String()+":"+v.Path)); there != strings.TrimSpace(string(id)) {
				t.Errorf("%s: %s is not %s of %s", how, id, v.Path, v.Commit)
			}
			return err
		})
		if err != nil || len(missed) > 0 {
			t.Fatalf("%s: %v %v", how, err, missed)
		}
		slices.Sort(got)
		if want := r.blobs(); !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %q\nwant %q", how, got, want)
		}
	}
	check("loose")
	r.git("gc", "-q", "--aggressive", "--prune=now")
	if packed, _ := filepath.Glob(filepath.Join(r.dir, ".git/objects/pack/*.pack")); len(packed) != 1 || !strings.Contains(r.git("verify-pack", "-v", packed[0]), "chain length") {
		t.Fatal("git made no deltas")
	}
	check("packed")
	r.git("-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a", "-d", "-f")
	check("packed with bases by name")
	r.git("-c", "pack.indexVersion=1", "repack", "-q", "-a", "-d", "-f")
	check("packed, index version 1")
	r.write("new.txt", "beside the pack\n")
	r.git("add", "-A")
	r.git("commit", "-q", "-m", "new")
	check("packed and loose")
}

func TestLimits(t *testing.T) {
	r := newRepository(t)
	r.grow()
	for _, limits := range []Limits{{3, 1000, 1 << 30}, {1000, 3, 1 << 30}, {1000, 1000, 100}} {
		n := 0
		missed, err := r.open().History(context.Background(), limits, nil, func(Visited) error { n++; return nil })
		if err != nil || len(missed) != 1 || n == 0 && limits.Bytes > 100 {
			t.Errorf("%v: %d visited, %v %v", limits, n, missed, err)
		}
	}
	n := 0
	if _, err := r.open().History(context.Background(), generous, func(p string) bool { return strings.HasPrefix(p, "src/") && !strings.HasPrefix(p, "src/deep/") }, func(v Visited) error {
		if n++; v.Path != "src/main.txt" {
			t.Errorf("%s is not of interest", v.Path)
		}
		return nil
	}); err != nil || n != 12 {
		t.Errorf("%d versions, %v", n, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.open().History(ctx, generous, nil, func(Visited) error { return nil }); err == nil {
		t.Error("a cancelled walk ends without an error")
	}
	r.write(".git/shallow", strings.Repeat("0", 40)+"\n")
	if missed, _ := r.open().History(context.Background(), generous, nil, func(Visited) error { return nil }); len(missed) != 1 || !strings.Contains(missed[0], "shallow") {
		t.Errorf("shallow: %v", missed)
	}
}

// What is lost is told.
func TestLost(t *testing.T) {
	r := newRepository(t)
	r.write("a.txt", "one\n")
	r.git("add", "-A")
	r.git("commit", "-q", "-m", "a")
	blob := strings.TrimSpace(r.git("rev-parse", "HEAD:a.txt"))
	if err := os.Remove(filepath.Join(r.dir, ".git/objects", blob[:2], blob[2:])); err != nil {
		t.Fatal(err)
	}
	missed, err := r.open().History(context.Background(), generous, nil, func(Visited) error { return nil })
	if err != nil || len(missed) != 1 || !strings.Contains(missed[0], "a.txt") {
		t.Errorf("%v %v", missed, err)
	}
}

func TestIndex(t *testing.T) {
	r := newRepository(t)
	for _, name := range []string{"a", "src/b.txt", "src/a name with blanks", "src/größe", "src/deep/er/c", "src/deep/er/cc", "src/deepest"} {
		r.write(name, name)
	}
	r.git("add", "-A")
	if err := os.Symlink("a", filepath.Join(r.dir, "link")); err != nil {
		t.Fatal(err)
	}
	r.git("add", "link")
	check := func(how string) {
		t.Helper()
		entries, err := r.open().Index()
		if err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		var got []string
		for _, e := range entries {
			mode := "100644"
			if e.Link {
				mode = "120000"
			}
			got = append(got, mode+" "+e.ID.String()+" "+e.Path)
		}
		var want []string
		for _, line := range strings.Split(strings.TrimSuffix(r.git("ls-files", "-s", "-z"), "\x00"), "\x00") {
			head, name, _ := strings.Cut(line, "\t")
			f := strings.Fields(head)
			want = append(want, f[0]+" "+f[1]+" "+name)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %q\nwant %q", how, got, want)
		}
	}
	check("version 2")
	r.git("update-index", "--index-version", "4")
	check("version 4")
	r.git("update-index", "--index-version", "3")
	r.git("update-index", "--skip-worktree", "a")
	check("version 3")
	r.git("update-index", "--split-index")
	if _, err := r.open().Index(); err == nil || !strings.Contains(err.Error(), "split") {
		t.Errorf("split index: %v", err)
	}
}

func TestOpen(t *testing.T) {
	if _, err := Open(fstest.MapFS{"a": {}}, "."); !errors.Is(err, ErrNone) {
		t.Errorf("no repository: %v", err)
	}
	if _, err := Open(fstest.MapFS{".git/x": {}}, "."); !errors.Is(err, ErrNone) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(fstest.MapFS{".git": {Data: []byte("gitdir: ../x")}}, "."); err == nil || errors.Is(err, ErrNone) {
		t.Errorf("elsewhere: %v", err)
	}
	if _, err := Open(fstest.MapFS{".git/HEAD": {}, ".git/config": {Data: []byte("[extensions]\n\tobjectFormat = sha256\n")}}, "."); err == nil {
		t.Error("SHA-256 is read")
	}
	empty, err := Open(fstest.MapFS{".git/HEAD": {Data: []byte("ref: refs/heads/main\n"), Mode: 0o644}}, ".")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := empty.Head(); !errors.Is(err, ErrNone) {
		t.Errorf("no commit: %v", err)
	}
	if list, err := empty.Index(); err != nil || len(list) > 0 {
		t.Errorf("no index: %v %v", list, err)
	}
	round, _ := Open(fstest.MapFS{".git/HEAD": {Data: []byte("ref: refs/heads/main\n")}, ".git/refs/heads/main": {Data: []byte("ref: refs/heads/main\n")}}, ".")
	if _, err := round.Head(); err == nil {
		t.Error("a reference in a circle is read")
	}
}

func FuzzIndex(f *testing.F) {
	f.Add([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x01" + strings.Repeat("\x00", 24) + "\x00\x00\x81\xa4" + strings.Repeat("\x01", 32) + "\x00\x03a/b\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("DIRC\x00\x00\x00\x04\x00\x00\x00\x01" + strings.Repeat("\x00", 60) + "\x00\x01\x00a\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, _ := ParseIndex(data)
		for _, e := range entries {
			if !fs.ValidPath(e.Path) {
				t.Errorf("%q leads out", e.Path)
			}
		}
	})
}

func FuzzPack(f *testing.F) {
	f.Add([]byte("\xfftOc\x00\x00\x00\x02"), []byte("PACK"), []byte("\x05\x05\x90\x05"))
	f.Fuzz(func(t *testing.T, index, data, delta []byte) {
		if out, err := apply(data, delta); err == nil && len(out) > MaxObject {
			t.Errorf("%d bytes", len(out))
		}
		p, err := parsePackIndex(index)
		if err != nil {
			return
		}
		p.file, p.size = bytes.NewReader(data), int64(len(data))
		r := &Repository{fsys: fstest.MapFS{}, git: ".git", packs: []*pack{p}, found: true}
		if at, ok := p.find(ID{}); ok {
			p.read(r, at)
		}
		p.read(r, 12)
	})
}
