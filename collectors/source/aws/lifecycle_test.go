package aws

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// How long records under a prefix can stay, and can be missed, by lifecycle
// rules, versions and locks.
func TestLifetime(t *testing.T) {
	rule := func(body string) string { return "rule {\n id = \"r\"\n status = \"Enabled\"\n" + body + "\n}\n" }
	days := func(n int) string { return fmt.Sprintf("expiration {\n days = %d\n}\n", n) }
	prefix := func(p string) string { return fmt.Sprintf("filter {\n prefix = %q\n}\n", p) }
	for _, c := range []struct {
		name, rules, versioning string
		life, earliest          string
	}{
		{"no rule", "", "", "999999", "999999"},
		{"all", rule(days(30)), "", "30", "30"},
		{"prefix", rule(prefix("app/") + days(30)), "", "30", "30"},
		{"wider prefix", rule(prefix("ap") + days(30)), "", "30", "30"},
		{"other prefix", rule(prefix("web/") + days(30)), "", "999999", "999999"},
		{"deeper prefix", rule(prefix("app/debug/") + days(30)), "", "999999", "30"},
		{"two rules", rule(days(90)) + rule(prefix("app/")+days(30)), "", "30", "30"},
		{"tagged", rule("filter {\n tag {\n key = \"k\"\n value = \"v\"\n }\n}\n" + days(3)), "", "999999", "3"},
		{"tagged and prefix", rule("filter {\n and {\n prefix = \"app/\"\n tags = { k = \"v\" }\n }\n}\n" + days(3)), "", "999999", "3"},
		{"tags as a plan has none", rule("filter {\n prefix = \"app/\"\n tag = []\n tags = {}\n}\n" + days(3)), "", "3", "3"},
		{"sized", rule("filter {\n object_size_greater_than = 10\n}\n" + days(3)), "", "999999", "3"},
		{"disabled", "rule {\n id = \"r\"\n status = \"Disabled\"\n" + days(3) + "}\n", "", "999999", "999999"},
		{"on a date", rule("expiration {\n date = \"2027-01-01T00:00:00Z\"\n}\n"), "", "?", "?"},
		{"marker only", rule("expiration {\n expired_object_delete_marker = true\n}\n"), "", "999999", "999999"},
		{"unknown days", rule("expiration {\n days = var.days\n}\n"), "", "?", "?"},
		{"unknown beside known", rule(days(30)) + rule("expiration {\n days = var.days\n}\n"), "", "30", "?"},
		{"unknown prefix", rule("filter {\n prefix = var.text\n}\n" + days(30)), "", "?", "?"},
		{"unknown status", "rule {\n id = \"r\"\n status = var.text\n" + days(3) + "}\n", "", "?", "?"},
		{"versions kept", rule(days(30)), "Enabled", "999999", "30"},
		{"versions suspended", rule(days(30)), "Suspended", "999999", "30"},
		{"versions expire", rule(days(30) + "noncurrent_version_expiration {\n noncurrent_days = 5\n}\n"), "Enabled", "35", "30"},
		{"newest versions stay", rule(days(30) + "noncurrent_version_expiration {\n noncurrent_days = 5\n newer_noncurrent_versions = 3\n}\n"), "Enabled", "999999", "30"},
	} {
		text := "variable \"days\" {\n type = number\n}\nvariable \"text\" {\n type = string\n}\nresource \"aws_s3_bucket\" \"b\" {\n bucket = \"b\"\n}\n"
		if c.rules != "" {
			text += "resource \"aws_s3_bucket_lifecycle_configuration\" \"b\" {\n bucket = aws_s3_bucket.b.id\n" + c.rules + "}\n"
		}
		if c.versioning != "" {
			text += "resource \"aws_s3_bucket_versioning\" \"b\" {\n bucket = aws_s3_bucket.b.id\n versioning_configuration {\n status = \"" + c.versioning + "\"\n }\n}\n"
		}
		root := terraform.Load(fstest.MapFS{"main.tf": {Data: []byte(text)}}, ".", terraform.Options{})
		x := NewIndex(root)
		b := x.Bucket(x.Resource("aws_s3_bucket.b"))
		l := b.Lifecycle(Declared("app/", fact.Position{}))
		show := func(a Answer[int]) string {
			if !a.Known() {
				return "?"
			}
			return fmt.Sprint(a.Value)
		}
		if life, earliest := show(b.Lifetime(l)), show(l.Earliest); life != c.life || earliest != c.earliest {
			t.Errorf("%s: to %s, from %s; want to %s, from %s (%v)", c.name, life, earliest, c.life, c.earliest, root.Diagnostics)
		}
	}
}
