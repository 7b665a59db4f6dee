package aws

import (
	"testing"
	"testing/fstest"

	"github.com/writ-policy/writ/collectors/source/terraform"
)

// How certainly an argument names a resource.
func TestNames(t *testing.T) {
	root := terraform.Load(fstest.MapFS{"main.tf": {Data: []byte(`
variable "unset" {
  type = string
}
resource "aws_s3_bucket" "a" {
  bucket = "a"
}
resource "aws_s3_bucket" "b" {
  bucket = "b"
}
resource "aws_s3_bucket" "counted" {
  count = 2
}
resource "aws_s3_bucket_versioning" "a" {
  bucket = aws_s3_bucket.a.id
}
data "aws_s3_bucket" "a" {
  bucket = "a"
}
data "aws_s3_bucket" "other" {
  bucket = "other"
}
resource "x_y" "z" {
  reference   = aws_s3_bucket.a.id
  arn         = aws_s3_bucket.a.arn
  name        = "a"
  arn_text    = "arn:aws:s3:::a"
  attribute   = aws_s3_bucket.a.bucket
  made        = "${aws_s3_bucket.a.bucket}b"
  passed_on   = aws_s3_bucket_versioning.a.bucket
  passed_id   = aws_s3_bucket_versioning.a.id
  looked_up   = data.aws_s3_bucket.a.id
  elsewhere   = data.aws_s3_bucket.other.id
  other_name  = "elsewhere"
  unset       = var.unset
  templated   = "${var.unset}-logs"
  one_of_two  = aws_s3_bucket.counted[0].id
  empty       = ""
  nothing     = null
}
`)}}, ".", terraform.Options{})
	x := NewIndex(root)
	z := x.Resource("x_y.z")
	if z == nil {
		t.Fatal(root.Diagnostics)
	}
	for _, c := range []struct{ argument, a, b, counted string }{
		{"reference", "yes", "no", "no"},
		{"arn", "yes", "no", "no"},
		{"name", "yes", "no", "no"},
		{"arn_text", "yes", "no", "no"},
		{"attribute", "yes", "no", "no"},
		{"made", "no", "no", "no"},
		{"passed_on", "yes", "no", "no"},
		{"passed_id", "yes", "no", "no"},
		{"looked_up", "yes", "no", "no"},
		{"elsewhere", "no", "no", "no"},
		{"other_name", "no", "no", "no"},
		{"unset", "maybe", "maybe", "maybe"},
		{"templated", "maybe", "maybe", "maybe"},
		{"one_of_two", "no", "no", "yes"},
		{"empty", "no", "no", "no"},
		{"nothing", "no", "no", "no"},
		{"not_written", "no", "no", "no"},
	} {
		for address, want := range map[string]string{"aws_s3_bucket.a": c.a, "aws_s3_bucket.b": c.b, "aws_s3_bucket.counted[0]": c.counted} {
			sure, reason := x.Names(z.Body.Get(c.argument), x.Resource(address))
			if got := []string{"no", "maybe", "yes"}[sure]; got != want {
				t.Errorf("%s names %s: %s (%s), want %s", c.argument, address, got, reason, want)
			}
			if (sure == Maybe) != (reason != "") {
				t.Errorf("%s names %s: %d with reason %q", c.argument, address, sure, reason)
			}
		}
	}
}
