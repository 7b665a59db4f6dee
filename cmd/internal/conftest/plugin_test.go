package conftest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const plugins = `
-- src/hello/plugin.yaml --
name: hello
version: 0.1.0
usage: says hello
description: Says hello and what it was given.
command: $CONFTEST_PLUGIN_DIR/bin/hello.sh first
-- src/hello/bin/hello.sh --
#!/bin/sh
echo "hello from ${CONFTEST_PLUGIN_DIR##*/}: $*"
exit ${STATUS:-0}
-- src/again/plugin.yaml --
name: hello
command: $CONFTEST_PLUGIN_DIR/again.sh
-- src/again/again.sh --
#!/bin/sh
echo "again: $*"
-- src/here/plugin.yaml --
name: here
command: ./program.sh
-- src/path/plugin.yaml --
name: path
command: sub/program.sh
-- src/bare/plugin.yaml --
name: bare
command: program.sh
-- program.sh --
#!/bin/sh
echo "the program of the tree"
-- sub/program.sh --
#!/bin/sh
echo "the program of the tree"
-- src/up/plugin.yaml --
name: ../../up
command: "true"
-- src/command/plugin.yaml --
name: test
command: "true"
-- src/nothing/plugin.yaml --
name: nothing
-- src/list/plugin.yaml --
- name
-- src/broken/plugin.yaml --
{
-- src/noyaml/README --
none
`

// installer makes a home of its own for plugins, outside of the working folder.
func installer(t *testing.T) (home string) {
	t.Helper()
	unpack(t, plugins)
	for _, path := range []string{"src/hello/bin/hello.sh", "src/again/again.sh", "program.sh", "sub/program.sh"} {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	home = t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_DATA_HOME", filepath.Join(home, "data"))
	t.Setenv("XDG_DATA_DIRS", filepath.Join(home, "shared"))
	return home
}

// TestPlugins holds that a plugin is a copy of its folder, is run by its name with its
// arguments and ends with its status.
func TestPlugins(t *testing.T) {
	home := installer(t)
	succeed(t, "plugin", "install", "src/hello")
	if err := os.WriteFile("src/hello/bin/hello.sh", []byte("#!/bin/sh\necho changed\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if out := succeed(t, "hello", "a b", "--flag", "-o", "x"); out != "hello from hello: first a b --flag -o x\n" {
		t.Error(out)
	}
	t.Setenv("STATUS", "42")
	if out, errs, status := face(t, "hello"); status != 42 || errs != "" || !strings.HasPrefix(out, "hello from") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	succeed(t, "plugin", "install", "src/again")
	if out := succeed(t, "hello", "now"); out != "again: now\n" {
		t.Error(out)
	}
	installed := filepath.Join(home, "data", ".conftest", "plugins")
	entries, err := os.ReadDir(installed)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
	// One that conftest has installed is found, too, also one that is a link.
	theirs := filepath.Join(home, ".conftest", "plugins")
	if err := os.MkdirAll(theirs, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(installed, "hello"), filepath.Join(theirs, "real")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real", filepath.Join(theirs, "hello")); err != nil {
		t.Fatal(err)
	}
	if out := succeed(t, "hello", "there"); out != "again: there\n" {
		t.Error(out)
	}
}

// TestPluginsRefused holds that nothing is installed or run that could be what somebody
// else has put in the way, and that a start changes nothing.
func TestPluginsRefused(t *testing.T) {
	home := installer(t)
	for from, want := range map[string]string{
		"src/up":      "is no name of a plugin",
		"src/command": `"test" is the name of a command`,
		"src/nothing": "no command found",
		"src/list":    "is no name of a plugin",
		"src/broken":  "unmarshal plugin",
		"src/noyaml":  "read config",
		"src/none":    "is no folder",
		"github.com/open-policy-agent/conftest/contrib/plugins/kubectl": "cloned or unpacked first",
		"https://example.org/plugin.tar.gz":                             "cloned or unpacked first",
	} {
		fail(t, want, "plugin", "install", from)
	}
	fail(t, "missing required arguments", "plugin", "install")
	if err := os.Symlink("/etc/passwd", "src/again/link"); err != nil {
		t.Fatal(err)
	}
	fail(t, "link is a link or a device", "plugin", "install", "src/again")
	plugins := filepath.Join(home, "data", ".conftest", "plugins")
	if entries, _ := os.ReadDir(plugins); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
	// A command that would be looked for in the working folder is not run.
	t.Setenv("PATH", ".:"+os.Getenv("PATH"))
	for name, want := range map[string]string{"here": "depends on the working folder", "path": "depends on the working folder", "bare": "current directory"} {
		succeed(t, "plugin", "install", "src/"+name)
		fail(t, want, name)
	}
	// Neither a start nor another command takes away what is no plugin (any more).
	writeTree(t, plugins, map[string]string{"damaged/plugin.yaml": "{", "damaged/precious": "kept", "other/plugin.yaml": "name: else\ncommand: \"true\"\n"})
	before := tree(t, home)
	succeed(t, "--version")
	succeed(t, "--help")
	fail(t, "damaged: unmarshal plugin", "damaged")
	fail(t, `it calls itself "else"`, "other")
	fail(t, `unknown command "../../x"`, "../../x")
	fail(t, `unknown command "none"`, "none")
	if diff := cmp.Diff(before, tree(t, home)); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
	// Settings name no plugin, and no plugin takes the place of a command.
	writeTree(t, plugins, map[string]string{"parse/plugin.yaml": "name: parse\ncommand: echo mine\n"})
	writeTree(t, ".", map[string]string{"in.json": "{}\n"})
	if out := succeed(t, "parse", "in.json"); out != "{}\n" {
		t.Error(out)
	}
}
