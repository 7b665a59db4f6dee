variable "buckets" {
  type    = set(string)
  default = ["invoices", "exports", "avatars"]
}

resource "aws_s3_bucket" "this" {
  for_each = var.buckets
  bucket   = "shop-${each.key}"
  tags     = { name = each.value }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = aws_s3_bucket.this
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = each.key != "avatars"
  restrict_public_buckets = each.value.bucket == "shop-invoices"
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = setsubtract(var.buckets, ["avatars"])
  bucket   = aws_s3_bucket.this[each.key].bucket
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = toset([for b in var.buckets : b if startswith(b, "in")])
  bucket   = "shop-${each.value}"
  rule {
    bucket_key_enabled = true
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}
