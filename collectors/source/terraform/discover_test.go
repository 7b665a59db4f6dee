package terraform

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestDiscover(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text), Mode: 0o644} }
	call := func(source string) *fstest.MapFile { return file("module \"m\" {\n  source = \"" + source + "\"\n}\n") }
	fsys := fstest.MapFS{
		"prod/main.tf":               call("../modules/logs"),
		"prod/comment.tf":            file("# module \"x\" { source = \"../stage\" }\n"),
		"prod/other.tf":              file("resource \"aws_s3_object\" \"o\" {\n  source = \"../stage\"\n}\n"),
		"stage/main.tf.json":         file(`{"module": {"m": {"source": "../modules/json"}}}`),
		"modules/logs/main.tf":       call("./inner"),
		"modules/logs/inner/main.tf": file(""),
		"modules/json/main.tf":       file(""),
		"ring/a/main.tf":             call("../b"),
		"ring/b/main.tf":             call("../a"),
		"self/main.tf":               call("./"),
		"broken/main.tf":             file("module \"m\" {\n  source = \"../victim\"\n"),
		"victim/main.tf":             file(""),
		"outside/main.tf":            call("../../x"),
		"override/main.tf":           file("module \"m\" {\n  source = \"./none\"\n}\n"),
		"override/override.tf":       call("../overridden"),
		"overridden/main.tf":         file(""),
	}
	dirs := []string{"broken", "modules/json", "modules/logs", "modules/logs/inner", "outside", "overridden", "override", "prod", "ring/a", "ring/b", "self", "stage", "victim"}
	want := []string{"broken", "outside", "override", "prod", "ring/a", "self", "stage", "victim"}
	if diff := cmp.Diff(want, Discover(fsys, dirs)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"modules/logs"}, Calls(fsys, "prod")); diff != "" {
		t.Errorf("calls of prod: -want +got:\n%s", diff)
	}
	if HasConfig(fsys, "ring") || !HasConfig(fsys, "stage") {
		t.Error("HasConfig")
	}
}
