package google

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// bucketOf evaluates a bucket with the given text in its body.
func bucketOf(t *testing.T, body string) Bucket {
	t.Helper()
	text := "variable \"who\" {}\nresource \"google_storage_bucket\" \"b\" {\n  name = \"b\"\n  location = \"eu\"\n" + body + "\n}\n"
	root := terraform.Load(fstest.MapFS{"main.tf": &fstest.MapFile{Data: []byte(text)}}, ".", terraform.Options{})
	for _, d := range root.Diagnostics {
		if d.Severity == "error" {
			t.Fatal(d)
		}
	}
	x := Index{aws.NewIndex(root)}
	return x.Bucket(x.OfType("google_storage_bucket")[0])
}

func show(a aws.Answer[int]) string {
	switch {
	case !a.Known():
		return "?"
	case a.Value >= fact.Unbounded:
		return "never"
	}
	return fmt.Sprint(a.Value)
}

func ruleText(action, condition string) string {
	return fmt.Sprintf("lifecycle_rule {\n action {\n type = %q\n }\n condition {\n %s\n }\n}\n", action, strings.ReplaceAll(condition, ";", "\n"))
}

const (
	versions = "versioning {\n enabled = true\n}\n"
	hard     = "soft_delete_policy {\n retention_duration_seconds = 0\n}\n"
)

// How long objects live, by what a bucket says: until they are deleted or hidden,
// former versions, unfinished uploads, and a record in all.
func TestLifecycle(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"nothing", "", "never never never life never"},
		{"age", ruleText("Delete", "age = 30"), "30 30 never life 37"},
		{"age, no soft deletion", hard + ruleText("Delete", "age = 30"), "30 30 never life 30"},
		{"age of versions too", versions + hard + ruleText("Delete", "age = 30"), "30 30 never life 30"},
		{"age of live objects alone", versions + hard + ruleText("Delete", "age = 30; with_state = \"LIVE\""), "30 never never life never"},
		{"live, then versions", versions + hard + ruleText("Delete", "age = 30; with_state = \"LIVE\"") + ruleText("Delete", "days_since_noncurrent_time = 10"), "30 10 never life 40"},
		{"versions by number", versions + hard + ruleText("Delete", "age = 30; with_state = \"LIVE\"") + ruleText("Delete", "num_newer_versions = 3"), "30 never never life never"},
		{"versions by number and age", versions + hard + ruleText("Delete", "num_newer_versions = 3; age = 5"), "never never never life never"},
		{"archived by age", versions + hard + ruleText("Delete", "age = 30; with_state = \"LIVE\"") + ruleText("Delete", "age = 60; with_state = \"ARCHIVED\""), "30 60 never life 60"},
		{"the shorter rule", hard + ruleText("Delete", "age = 90") + ruleText("Delete", "age = 30"), "30 30 never life 30"},
		{"another action", ruleText("SetStorageClass", "age = 30"), "never never never life never"},
		{"uploads", ruleText("AbortIncompleteMultipartUpload", "age = 7"), "never never 7 life never"},
		{"zero is not sent", ruleText("Delete", "age = 0"), "never never never life never"},
		{"zero sent", hard + ruleText("Delete", "age = 0; send_age_if_zero = true"), "0 0 never life 0"},
		{"under a prefix", ruleText("Delete", "age = 30; matches_prefix = [\"tmp/\"]"), "never never never life never"},
		{"by suffix", ruleText("Delete", "age = 30; matches_suffix = [\".tmp\"]"), "never never never life never"},
		{"by class", ruleText("Delete", "age = 30; matches_storage_class = [\"NEARLINE\"]"), "never never never life never"},
		{"on a date", ruleText("Delete", "created_before = \"2020-01-01\""), "never never never life never"},
		{"age not known", ruleText("Delete", "age = var.who"), "? ? never life ?"},
		{"state not known", hard + ruleText("Delete", "age = 30; with_state = var.who"), "? ? never life ?"},
		{"prefix not known", ruleText("Delete", "age = 30; matches_prefix = var.who"), "? ? never life ?"},
		{"action not known", "lifecycle_rule {\n action {\n type = var.who\n }\n condition {\n age = 30\n }\n}", "? ? ? life ?"},
		{"versions not known", hard + "versioning {\n enabled = var.who\n}\n" + ruleText("Delete", "age = 30"), "30 30 never life ?"},
		{"locked longer", hard + "retention_policy {\n retention_period = 8640000\n}\n" + ruleText("Delete", "age = 30"), "30 30 never life 100"},
		{"lock not known", hard + "retention_policy {\n retention_period = var.who\n}\n" + ruleText("Delete", "age = 30"), "30 30 never life ?"},
	} {
		b := bucketOf(t, c.body)
		all := aws.Declared("", fact.Position{})
		l := b.Lifecycle(all)
		got := show(l.Expire) + " " + show(l.Noncurrent) + " " + show(l.Abort) + " life " + show(b.Lifetime(all))
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// A rule for a prefix holds for what lies below it.
func TestLifecycleOfAPrefix(t *testing.T) {
	b := bucketOf(t, hard+ruleText("Delete", "age = 30; matches_prefix = [\"logs/\", \"tmp/\"]"))
	for prefix, want := range map[string]string{"logs/": "30", "logs/web/": "30", "tmp/x": "30", "": "never", "data/": "never", "log": "never"} {
		if got := show(b.Lifecycle(aws.Declared(prefix, fact.Position{})).Expire); got != want {
			t.Errorf("%q: %s, want %s", prefix, got, want)
		}
	}
}
