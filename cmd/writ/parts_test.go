package main

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-policy/writ/engine/finding"
	"github.com/writ-policy/writ/engine/report"
)

// severalRoots is a source of two root modules, a module that one of them calls,
// manifests beside one of them and elsewhere, and a text that belongs to none.
func severalRoots(t *testing.T) string {
	files := map[string]string{
		"a/main.tf":             "resource \"aws_s3_bucket\" \"orders\" {\n  bucket = \"orders\" # correct" + "HorseBattery bright" + "StapleOrchard\n}\n",
		"b/main.tf":             "variable \"word\" {\n  sensitive = true\n  default   = \"correct" + "HorseBattery\"\n}\nmodule \"db\" {\n  source = \"../modules/db\"\n  word   = var.word\n}\n",
		"modules/db/main.tf":    "variable \"word\" {}\nresource \"aws_db_instance\" \"db\" {\n  engine   = \"postgres\"\n  password = var.word\n}\n",
		"b/service.yaml":        "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec:\n  type: LoadBalancer\n  ports: [{port: 80}]\n",
		"deploy/service.yaml":   "apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\nspec:\n  type: LoadBalancer\n  ports: [{port: 81}]\n",
		"notes/runbook.txt":     "the orders bucket is described elsewhere\n",
		"modules/db/readme.txt": "a module\n",
	}
	// So many that the last is not read yet when the first is judged.
	for i := range 2*runtime.GOMAXPROCS(0) + 4 {
		files[fmt.Sprintf("c%02d/main.tf", i)] = "resource \"aws_cloudwatch_log_group\" \"app\" {\n  name = \"app\"\n}\n"
	}
	files["z/main.tf"] = "variable \"word\" {\n  sensitive = true\n  default   = \"bright" + "StapleOrchard\"\n}\n"
	return tree(t, files)
}

// TestParts holds that a source judged root by root is answered as one that is judged
// as a whole, which naming its folders one by one asks for.
func TestParts(t *testing.T) {
	dir := severalRoots(t)
	parts := check(t, "-v", dir)
	entries, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	folders := slices.DeleteFunc(entries, func(name string) bool { return filepath.Base(name) == "modules" })
	whole := check(t, append([]string{"-v"}, folders...)...)
	about := func(v *verdict) []*finding.Finding {
		return slices.DeleteFunc(slices.Clone(v.Findings), func(f *finding.Finding) bool {
			// The scanner sees the files of a source, and these two name different ones.
			return f.Target == "run" || f.Subject.Kind == "secret.match"
		})
	}
	if len(about(parts)) < 50 {
		t.Fatalf("only %d findings", len(about(parts)))
	}
	if diff := cmp.Diff(about(whole), about(parts)); diff != "" {
		t.Errorf("whole, then in parts:\n%s", diff)
	}
	targets := map[string]bool{}
	for _, f := range parts.Findings {
		targets[f.Target] = true
	}
	for _, want := range []string{"config/a", "config/b", "config/deploy", "run"} {
		if !targets[want] {
			t.Errorf("no finding about %s", want)
		}
	}
	if targets["config/modules/db"] {
		t.Error("a module that is called is judged for itself")
	}
}

// TestPartsSecrets holds that a secret which one root declares is masked where it
// stands in plain sight in another, although that one was judged before.
func TestPartsSecrets(t *testing.T) {
	dir := severalRoots(t)
	for _, format := range report.Formats() {
		for _, verbose := range []string{"-q", "-v"} {
			r := writ("check", "-o", format, verbose, "--now", now, dir)
			if r.out == "" {
				t.Errorf("%s: no report: %s", format, r.err)
			}
			if strings.Contains(r.out+r.err, "HorseBattery") || strings.Contains(r.out+r.err, "StapleOrchard") {
				t.Errorf("%s %s: the secret is shown:\n%s", format, verbose, r.out)
			}
		}
	}
}
