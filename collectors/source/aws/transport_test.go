package aws

import (
	"testing"
	"testing/fstest"

	"github.com/writ-policy/writ/collectors/source/terraform"
)

// Whether a bucket's policy refuses what is not encrypted, by the ways to name
// its objects. What only looks like a name of all objects is not known.
func TestSecureTransport(t *testing.T) {
	const head = `
variable "suffix" {}
variable "all" {
  default = "/*"
}
resource "aws_s3_bucket" "b" {}
locals {
  arn = aws_s3_bucket.b.arn
}
`
	for _, c := range []struct{ name, resources, want string }{
		{"everything", `["*"]`, "yes"},
		{"template", `["${aws_s3_bucket.b.arn}/*"]`, "yes"},
		{"bucket and template", `[aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]`, "yes"},
		{"through a local", `[local.arn, "${local.arn}/*"]`, "yes"},
		{"ending in a variable", `["${local.arn}${var.all}"]`, "yes"},
		{"known name", `["arn:aws:s3:::b/*"]`, "yes"},
		{"bucket alone", `[aws_s3_bucket.b.arn]`, "no"},
		{"folder", `["${aws_s3_bucket.b.arn}/in/*"]`, "?"},
		{"unknown end", `["${aws_s3_bucket.b.arn}${var.suffix}"]`, "?"},
		{"cut off", `[trimsuffix(aws_s3_bucket.b.arn, "/*")]`, "?"},
		{"choice", `[var.suffix == "" ? aws_s3_bucket.b.arn : "${aws_s3_bucket.b.arn}/*"]`, "?"},
	} {
		text := head + `
data "aws_iam_policy_document" "d" {
  statement {
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ` + c.resources + `
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}
resource "aws_s3_bucket_policy" "b" {
  bucket = aws_s3_bucket.b.id
  policy = data.aws_iam_policy_document.d.json
}
`
		root := terraform.Load(fstest.MapFS{"main.tf": {Data: []byte(text)}}, ".", terraform.Options{})
		x := NewIndex(root)
		got := "no"
		if a := x.Bucket(x.Resource("aws_s3_bucket.b")).SecureTransport(); !a.Known() {
			got = "?"
		} else if a.Value {
			got = "yes"
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s (%v)", c.name, got, c.want, root.Diagnostics)
		}
	}
}
