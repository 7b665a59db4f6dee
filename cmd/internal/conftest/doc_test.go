package conftest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDocLikeConftest compares pages with those that conftest wrote of the same policies.
func TestDocLikeConftest(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "testdata", "conftest", "doc")
	to := t.TempDir()
	if err := os.MkdirAll(filepath.Join(to, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(to, "page"), 0o755); err != nil {
		t.Fatal(err)
	}
	policy := filepath.Join(folder, "policy")
	succeed(t, "doc", "-o", to, policy)
	succeed(t, "doc", "-o", filepath.Join(to, "sub"), filepath.Join(policy, "sub"))
	succeed(t, "doc", "-o", filepath.Join(to, "page"), "-t", filepath.Join(folder, "page.tpl"), policy)
	if diff := cmp.Diff(tree(t, filepath.Join(folder, "want")), tree(t, to)); diff != "" {
		t.Errorf("pages (-conftest +writ):\n%s", diff)
	}
}

// TestDocWrites holds that a page is written as a whole or stays as it was, and that
// neither policies nor templates see the environment.
func TestDocWrites(t *testing.T) {
	unpack(t, `
-- bare/p.rego --
package main
-- broken/p.rego --
# METADATA
# title: Broken
package main

deny contains undefined_function(1)
-- good/p.rego --
# METADATA
# title: Good
# description: opa.runtime().env.WRIT_TEST
package main

deny contains opa.runtime().env.WRIT_TEST
-- env.tpl --
{{ env "WRIT_TEST" }}
-- half.tpl --
before {{ range . }}{{ .Missing }}{{ end }}
-- deep.tpl --
{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}
-- good.md --
a longer page of an earlier day, all of which is replaced and no part of which stays behind the new one
-- bare.md --
kept
`)
	t.Setenv("WRIT_TEST", "from the environment")
	fail(t, "no annotations found", "doc", "bare")
	fail(t, "undefined function", "doc", "broken")
	fail(t, "is not a directory", "doc", "good/p.rego")
	fail(t, "no such file", "doc", "none")
	fail(t, "missing required arguments", "doc")
	fail(t, `function "env" not defined`, "doc", "-t", "env.tpl", "good")
	fail(t, "Missing", "doc", "-t", "half.tpl", "good")
	fail(t, "template depth", "doc", "-t", "deep.tpl", "good")
	files := tree(t, ".")
	if files["bare.md"] != "kept\n" || !strings.HasPrefix(files["good.md"], "a longer page") {
		t.Errorf("%v", files)
	}
	succeed(t, "doc", "good")
	if got, want := tree(t, ".")["good.md"], "# main - Good\n\nopa.runtime().env.WRIT_TEST\n\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if len(tree(t, ".")) != len(files) {
		t.Errorf("left behind: %v", tree(t, "."))
	}
}
