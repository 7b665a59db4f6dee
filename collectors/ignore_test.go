package collectors

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// paths are files in folders whose names the patterns below hit and miss.
var paths = []string{
	"a", "b", "a.tf", "b.tf", "main.tf", ".hidden", "sp ace", "tab\tbed", "#hash", "!bang", "back\\slash", "br[a]cket", "star*", "q?", "ünicode", "a-b", "trail ",
	"dir/a", "dir/a.tf", "dir/main.tf", "dir/sub/a", "dir/sub/b.tf", "dir/sub/deep/a", "other/a", "other/dir/a", "other/dir/sub/a", "build/x", "build/keep/x",
	"a1", "a2", "ab", "abc", "logs/x.log", "logs/keep.log", "x.log", "foo/bar/baz", "foo/baz", "foo/x/y/baz",
}

// TestIgnoreAsGit compares with git check-ignore, by hand-picked and by generated
// .gitignore files.
func TestIgnoreAsGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal("git is needed: ", err)
	}
	r := newRepository(t)
	picked := []map[string]string{
		{".gitignore": "*.tf\n!main.tf\n"},
		{".gitignore": "/a\n"},
		{".gitignore": "dir/\n!dir/a\n"},
		{".gitignore": "dir/*\n!dir/a\n!dir/sub\n"},
		{".gitignore": "**/a\n"},
		{".gitignore": "dir/**\n"},
		{".gitignore": "dir/**/a\n"},
		{".gitignore": "foo/**/baz\n"},
		{".gitignore": "**/sub/**\n"},
		{".gitignore": "a**\n"},
		{".gitignore": "dir/sub\n"},
		{".gitignore": "sub/\n"},
		{".gitignore": "\\#hash\n\\!bang\n"},
		{".gitignore": "# comment\n\n   \n"},
		{".gitignore": "sp\\ ace\ntrail\\ \n"},
		{".gitignore": "a   \nb\t\n"},
		{".gitignore": "br\\[a\\]cket\nstar\\*\nq\\?\n"},
		{".gitignore": "a[0-9]\n"},
		{".gitignore": "a[!0-9]\na[^1]\n"},
		{".gitignore": "[a-\n"},
		{".gitignore": "[]a]\n"},
		{".gitignore": "a[[:digit:]]\n"},
		{".gitignore": "back\\\\slash\n"},
		{".gitignore": "?\n"},
		{".gitignore": "*\n!*/\n!*.tf\n"},
		{".gitignore": "/*\n!/dir\n"},
		{".gitignore": "*.log\n!logs/keep.log\n"},
		{".gitignore": "logs/\n!logs/keep.log\n"},
		{".gitignore": "*.tf\n", "dir/.gitignore": "!a.tf\n"},
		{".gitignore": "a\n", "dir/.gitignore": "!/sub/a\n/a\n"},
		{".gitignore": "\ufeffa\n"},
		{".gitignore": "a\r\nb\r\n"},
		{".gitignore": "!a\na\n"},
		{".gitignore": "dir//a\n"},
		{".gitignore": "./a\n"},
		{".gitignore": "a/\n"},
		{".gitignore": "/\n"},
		{".gitignore": "**\n"},
		{".gitignore": "main\na\n!/**\n"},
		{".gitignore": "***/a\n"},
		{".gitignore": "***//\n"},
		{".gitignore": "dir/*/a\n"},
		{".gitignore": "ünicode\n"},
		{".gitignore": "dir\\\n"},
		{".gitignore": "tab\tbed\n"},
		{".gitignore": "foo/**baz\n"},
		{".gitignore": "*/\n"},
		{".gitignore": "build/*\n!build/keep/\n"},
	}
	for i, rules := range picked {
		t.Run(fmt.Sprintf("picked %d %q", i, rules[".gitignore"]), func(t *testing.T) { r.compare(t, rules) })
	}
	random := rand.New(rand.NewSource(1))
	for i := range 60 {
		rules := map[string]string{".gitignore": randomRules(random), "dir/.gitignore": randomRules(random)}
		t.Run(fmt.Sprintf("random %d", i), func(t *testing.T) { r.compare(t, rules) })
	}
}

func randomRules(r *rand.Rand) string {
	pieces := []string{"a", "b", "dir", "sub", "foo", "baz", "*", "**", "/", "/", "/", ".tf", "?", "[ab]", "[!a]", "*.log", "main", "logs", "\\a", " ", "-", "deep"}
	var b strings.Builder
	for range 1 + r.Intn(5) {
		if r.Intn(3) == 0 {
			b.WriteByte('!')
		}
		for range 1 + r.Intn(4) {
			b.WriteString(pieces[r.Intn(len(pieces))])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// repository is a folder with the paths, in which git can be asked.
type repository string

func newRepository(t *testing.T) repository {
	r := repository(t.TempDir())
	if _, err := r.git("", "init", "-q"); err != nil {
		t.Fatal(err)
	}
	for _, name := range paths {
		r.write(t, name, "")
	}
	return r
}

func (r repository) git(in string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = string(r)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "HOME="+string(r))
	cmd.Stdin = strings.NewReader(in)
	var out bytes.Buffer
	cmd.Stdout = &out
	err := cmd.Run()
	return out.String(), err
}

func (r repository) write(t *testing.T, name, text string) {
	full := filepath.Join(string(r), name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// compare asks both which paths are ignored under the rules.
func (r repository) compare(t *testing.T, rules map[string]string) {
	for _, name := range []string{".gitignore", "dir/.gitignore"} {
		r.write(t, name, rules[name])
	}
	out, err := r.git(strings.Join(paths, "\x00")+"\x00", "check-ignore", "--stdin", "-z", "--no-index")
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		t.Fatal(err)
	}
	want := strings.FieldsFunc(out, func(r rune) bool { return r == 0 })
	slices.Sort(want)
	tree, root, err := OpenTree(string(r))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var got []string
	for _, name := range paths {
		if !slices.Contains(tree.Files, name) {
			got = append(got, name)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("rules %q\nonly writ ignores %q\nonly git ignores %q", rules, without(got, want), without(want, got))
	}
}

func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

func FuzzIgnore(f *testing.F) {
	for _, rules := range []string{"*.tf\n!a", "[a-", "**/\\", "a[!]b]", "\xff"} {
		f.Add(rules, "dir/a.tf")
	}
	f.Fuzz(func(t *testing.T, rules, name string) {
		if !fs.ValidPath(name) {
			return
		}
		g := &ignore{rules: map[string][]ignoreRule{}}
		for _, dir := range parents(name) {
			g.rules[dir] = parseIgnore(rules)
		}
		g.matches(path.Clean(name), false)
	})
}
