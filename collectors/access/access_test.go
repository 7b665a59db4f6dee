package access

import (
	"flag"
	"testing"

	"github.com/writ-policy/writ/collectors/source/sourcetest"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

var update = flag.Bool("update", false, "write want.txt anew")

func TestGolden(t *testing.T) {
	sourcetest.Any.Golden(t, "testdata/*.txtar", *update, Collector{})
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"*", "", true}, {"*", "kms:Decrypt", true}, {"kms:*", "kms:Decrypt", true}, {"kms:De*", "kms:Decrypt", true},
		{"kms:D?crypt", "kms:Decrypt", true}, {"kms:D?rypt", "kms:Decrypt", false}, {"", "", true}, {"", "x", false},
		{"a*b*c", "aXbYbZc", true}, {"a*b*c", "aXbYbZ", false}, {"s3:Get", "s3:GetObject", false}, {"**", "x", true}, {"x*", "x", true},
		{"arn:aws:s3:::a.b", "arn:aws:s3:::aXb", false},
	} {
		if got := match(c.pattern, c.text); got != c.want {
			t.Errorf("match(%q, %q) = %v", c.pattern, c.text, got)
		}
	}
}

func TestWideResource(t *testing.T) {
	for text, want := range map[string]bool{
		"*": true, "arn:aws:s3:::*": true, "arn:aws:s3:::*/*": true, "arn:aws:s3:::b": false, "arn:aws:s3:::b/*": false,
		"arn:aws:dynamodb:*:*:table/*": true, "arn:aws:dynamodb:eu-west-1:111122223333:table/users": false,
		"arn:aws:dynamodb:*:*:table/users/index/*": false, "arn:aws:sqs:*:*:*": true, "arn:aws:sqs:*:*:jobs": false,
		"arn:aws:rds:*:*:db:*": true, "arn:aws:rds:*:*:db:orders": false, "arn:*": false, "": false,
	} {
		if got := wideResource(text); got != want {
			t.Errorf("wideResource(%q) = %v", text, got)
		}
	}
}

// What is not known never becomes a default.
func TestUnknownStaysUnknown(t *testing.T) {
	env := sourcetest.Env(nil)
	sourcetest.UnknownArguments(t, "testdata/*.txtar", func(root *terraform.Root) []*fact.Document {
		return []*fact.Document{fromTerraform(root, env.Envelope("access", "terraform"), env)}
	})
}
