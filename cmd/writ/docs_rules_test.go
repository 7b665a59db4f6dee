package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDocsRules holds that the runner of TestDocs finds what is wrong with a page.
func TestDocsRules(t *testing.T) {
	const file = "See `policy/p.rego`:\n\n```rego\npackage main\n\ndeny contains \"x\" if input.a\n```\n"
	const check = "```console\n$ writ check -p policy --no-builtin a.json -q\n"
	const input = "And `a.json`:\n\n```json\n{\"a\": true}\n```\n"
	for _, tt := range []struct{ name, page, want string }{
		{"right", file + input + check + "...\n    fail high  x\n...\n```\n", ""},
		{"whole output", "```console\n$ echo one; echo two\none\ntwo\n```\n", ""},
		{"status of the last command", "```console\n$ false\n$ echo $?\n1\n```\n", ""},
		{"another output", file + input + check + "...\n    fail high  y\n...\n```\n", "prints no"},
		{"output goes on", "```console\n$ echo one; echo two\none\n```\n", "prints no"},
		{"output begins earlier", "```console\n$ echo one; echo two\ntwo\n```\n", "prints no"},
		{"end is another one", "```console\n$ echo one; echo two\n...\none\n```\n", "prints no"},
		{"wrong order", "```console\n$ echo one; echo two\n...\ntwo\n...\none\n...\n```\n", "prints no"},
		{"only dots", "```console\n$ echo one\n...\n```\n", "prints no"},
		{"no output shown", "```console\n$ echo one\n```\n", "prints no"},
		{"no command", "```console\nwrit check\n```\n", "output before a command"},
		{"usage", "```sh\nwrit check --no-such-flag\n```\n", "status 2"},
		{"no such program", "```sh\nconfest test\n```\n", "status 127"},
		{"no rule takes it", "```text\nx\n```\n", "nothing executes"},
		{"no language", "```\n$ writ check\n```\n", "nothing executes"},
		{"indented", "Text\n\n    writ check\n", "indented code"},
		{"not ended", "```yaml\na: 1\n", "without end"},
		{"rego", "```rego\npackage x\n\ndeny contains\n```\n", "rego"},
		{"yaml", "```yaml\na: [\n```\n", "yaml"},
		{"json", "```json\n{\n```\n", "json"},
		{"hcl", "```hcl\na {\n```\n", "hcl"},
		{"toml", "```toml\na = \n```\n", "toml"},
		{"dockerfile", "```dockerfile\nFORM a\n```\n", "dockerfile"},
		{"a new folder", file + input + newFolder + "\n\n```sh\nwrit check -p policy --no-builtin a.json\n```\n", "status 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := player{t: t, page: "page.md", bin: t.TempDir(), used: map[string]bool{}}
			p.play(tt.page)
			got := strings.Join(p.problems, "\n")
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

// TestDocsUpdate holds that output which differs is replaced, and nothing else.
func TestDocsUpdate(t *testing.T) {
	const page = "Text\n\n```console\n$ echo one; \\\n  echo two\n...\ntwo\n$ echo three\nfour\n```\n\n```console\n$ echo five\n```\nText\n"
	const want = "Text\n\n```console\n$ echo one; \\\n  echo two\n...\ntwo\n$ echo three\nthree\n```\n\n```console\n$ echo five\nfive\n```\nText\n"
	p := player{t: t, page: "page.md", bin: t.TempDir(), used: map[string]bool{}}
	if diff := cmp.Diff(want, p.play(page)); diff != "" {
		t.Errorf("rewritten (-want +got):\n%s", diff)
	}
}
