package conftest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// unpack writes files into a new folder and works there.
func unpack(t *testing.T, text string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, f := range txtar.Parse([]byte(text)).Files {
		if err := os.MkdirAll(filepath.Dir(f.Name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Name, f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func face(t *testing.T, args ...string) (out, errs string, status int) {
	t.Helper()
	var o, e bytes.Buffer
	status = Main(context.Background(), args, strings.NewReader(""), &o, &e)
	return o.String(), e.String(), status
}

// TestPermissions holds that policies reach neither the network nor the environment,
// and no fetched policies are used, unless the command line says so; each time with
// an error, never with a rule that is silently undefined.
func TestPermissions(t *testing.T) {
	unpack(t, `
-- net/p.rego --
package main

deny contains "reached" if http.send({"method": "get", "url": "http://127.0.0.1:1/"}).status_code == 200
-- env/p.rego --
package main

deny contains sprintf("home is %v", [opa.runtime().env.WRIT_TEST])
-- in.json --
{}
-- fetching/conftest.toml --
update = ["https://example.org/policy"]
-- permitting/conftest.toml --
allow-env = true
-- trusting/conftest.toml --
verification-key = "key.pem"
-- endless/conftest.toml --
timeout = "0"
`)
	t.Setenv("WRIT_TEST", "here")
	if err := os.Symlink("/proc/self/environ", "link.txt"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   string
		status int
		out    string // a part of what is written
	}{
		{"test -p net in.json", 1, "http.send unless the command line says --allow-net"},
		{"test -p net --allow-net in.json", 0, "1 test, 1 passed"},
		{"test -p env in.json", 1, "opa.runtime unless the command line says --allow-env"},
		{"test -p env -c permitting/conftest.toml in.json", 1, "allow-env is not taken from a file"},
		{"test -p env -c trusting/conftest.toml in.json", 1, "verification-key is not taken from a file"},
		{"test -p env -c endless/conftest.toml in.json", 1, "timeout is not taken from a file"},
		{"test -p env --allow-env in.json", 1, "home is here"},
		{"test -p net --allow-net -c fetching/conftest.toml in.json", 1, "update is taken from the command line only"},
		{"verify -p env", 1, "opa.runtime unless the command line says --allow-env"},
		{"parse --parser cue in.json", 1, "writ does not read cue"},
	} {
		out, errs, status := face(t, strings.Fields(c.args)...)
		if status != c.status || !strings.Contains(out+errs, c.out) {
			t.Errorf("%s: status %d, want %d with %q\n%s%s", c.args, status, c.status, c.out, out, errs)
		}
	}
	t.Setenv("CONFTEST_ALLOW_ENV", "true")
	if _, errs, status := face(t, "test", "-p", "env", "in.json"); status != 1 || !strings.Contains(errs, "CONFTEST_ALLOW_ENV: allow-env is taken from the command line only") {
		t.Errorf("status %d, %s", status, errs)
	}
}

// TestEnvironment holds that a variable gives a flag its value where the command line
// does not, and wins over the configuration file.
func TestEnvironment(t *testing.T) {
	unpack(t, `
-- first/p.rego --
package one

deny contains "first"
-- second/p.rego --
package two

deny contains "second"
-- in.json --
{}
-- conftest.toml --
policy = ["first"]
namespace = ["one"]
no-color = true
`)
	expect := func(want string, args ...string) {
		t.Helper()
		if out, errs, _ := face(t, append([]string{"test", "in.json"}, args...)...); !strings.Contains(out, want) {
			t.Errorf("%v: no %q in %s%s", args, want, out, errs)
		}
	}
	expect("FAIL - in.json - one - first")
	t.Setenv("CONFTEST_POLICY", "first,second")
	t.Setenv("CONFTEST_NAMESPACE", "two")
	t.Setenv("CONFTEST_OUTPUT", "tap")
	expect("not ok 1 - in.json - two - second")
	expect("FAIL - in.json - one - first", "-n", "one", "-o", "stdout")
}

// TestOrder holds that results have the order of the files as named and walked,
// whatever the number of workers, run after run.
func TestOrder(t *testing.T) {
	unpack(t, `
-- policy/b.rego --
package main

deny_b contains sprintf("b %v", [input.n])
-- policy/a.rego --
package main

deny_a contains sprintf("a %v in %s", [input.n, data.conftest.file.name])
`)
	var want strings.Builder
	if err := os.Mkdir("in", 0o755); err != nil {
		t.Fatal(err)
	}
	for n := range 200 {
		name := fmt.Sprintf("in/%03d.json", n)
		if err := os.WriteFile(name, fmt.Appendf(nil, `{"n": %d}`, n), 0o644); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&want, "FAIL - %s - main - a %d in %03d.json\nFAIL - %s - main - b %d\n", name, n, n, name, n)
	}
	want.WriteString("\n400 tests, 0 passed, 0 warnings, 400 failures, 0 exceptions\n")
	for _, workers := range []int{1, 2, 7} {
		old := runtime.GOMAXPROCS(workers)
		out, errs, status := face(t, "test", "--no-color", "in")
		runtime.GOMAXPROCS(old)
		if diff := cmp.Diff(want.String(), out); diff != "" || status != 1 || errs != "" {
			t.Errorf("%d workers: status %d, %s\n%s", workers, status, errs, diff)
		}
	}
	// A file that cannot be read is the answer, and no part of the rest.
	if err := os.WriteFile("in/100.json", []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	out, errs, status := face(t, "test", "--no-color", "in")
	if out != "" || status != 1 || !strings.Contains(errs, "path: in/100.json") {
		t.Errorf("status %d, %q, %s", status, out, errs)
	}
}

// TestFmt holds that files are formatted in place, and not with --check.
func TestFmt(t *testing.T) {
	const loose, tight = "package main\ndeny contains   \"x\"   if   input.a\n", "package main\n\ndeny contains \"x\" if input.a\n"
	unpack(t, "-- p/a.rego --\n"+loose)
	if _, errs, status := face(t, "fmt", "--check", "p"); status != 1 || !strings.Contains(errs, "files not formatted: p/a.rego") {
		t.Errorf("check: status %d, %s", status, errs)
	}
	if text, _ := os.ReadFile("p/a.rego"); string(text) != loose {
		t.Errorf("check has written %q", text)
	}
	if _, errs, status := face(t, "fmt", "p"); status != 0 {
		t.Errorf("fmt: status %d, %s", status, errs)
	}
	if text, _ := os.ReadFile("p/a.rego"); string(text) != tight {
		t.Errorf("fmt has written %q", text)
	}
	if _, errs, status := face(t, "fmt", "--check", "p"); status != 0 {
		t.Errorf("check: status %d, %s", status, errs)
	}
}
