# Buckets, each with everything that makes it private, encrypted and finite.
terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.copy]
    }
  }
}

variable "prefix" { type = string }
variable "key_arn" { type = string }
variable "copy_key_arn" { type = string }
variable "copy_role_arn" { type = string }
variable "buckets" {
  type = map(object({
    public      = optional(bool, false)
    own_key     = optional(bool, true)
    expire_days = optional(number)
    copied      = optional(bool, false)
  }))
}

locals {
  copied  = { for name, bucket in var.buckets : name => bucket if bucket.copied }
  expired = { for name, bucket in var.buckets : name => bucket if bucket.expire_days != null }
}

resource "aws_s3_bucket" "this" {
  for_each = var.buckets
  bucket   = "${var.prefix}-${each.key}"
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = var.buckets
  bucket                  = aws_s3_bucket.this[each.key].id
  block_public_acls       = !each.value.public
  block_public_policy     = !each.value.public
  ignore_public_acls      = !each.value.public
  restrict_public_buckets = !each.value.public
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = var.buckets
  bucket   = aws_s3_bucket.this[each.key].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = each.value.own_key ? var.key_arn : null
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = var.buckets
  bucket   = aws_s3_bucket.this[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = local.expired
  bucket   = aws_s3_bucket.this[each.key].id

  rule {
    id     = "expire"
    status = "Enabled"
    filter {}

    expiration {
      days = each.value.expire_days
    }
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = var.buckets
  bucket   = aws_s3_bucket.this[each.key].id
  policy   = data.aws_iam_policy_document.this[each.key].json
}

data "aws_iam_policy_document" "this" {
  for_each = var.buckets

  statement {
    sid       = "EncryptedTransport"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this[each.key].arn, "${aws_s3_bucket.this[each.key].arn}/*"]
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

  dynamic "statement" {
    for_each = each.value.public ? [1] : []
    content {
      sid       = "Everyone"
      actions   = ["s3:GetObject", "s3:ListBucket"]
      resources = [aws_s3_bucket.this[each.key].arn, "${aws_s3_bucket.this[each.key].arn}/*"]
      principals {
        type        = "*"
        identifiers = ["*"]
      }
    }
  }
}

# A second copy of what must not be lost.
resource "aws_s3_bucket" "copy" {
  for_each = local.copied
  provider = aws.copy
  bucket   = "${var.prefix}-${each.key}-copy"
}

resource "aws_s3_bucket_public_access_block" "copy" {
  for_each                = local.copied
  provider                = aws.copy
  bucket                  = aws_s3_bucket.copy[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "copy" {
  for_each = local.copied
  provider = aws.copy
  bucket   = aws_s3_bucket.copy[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "copy" {
  for_each = local.copied
  provider = aws.copy
  bucket   = aws_s3_bucket.copy[each.key].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.copy_key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "copy" {
  for_each = { for name, bucket in local.copied : name => bucket if bucket.expire_days != null }
  provider = aws.copy
  bucket   = aws_s3_bucket.copy[each.key].id

  rule {
    id     = "expire"
    status = "Enabled"
    filter {}

    expiration {
      days = each.value.expire_days
    }
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
  }
}

resource "aws_s3_bucket_policy" "copy" {
  for_each = local.copied
  provider = aws.copy
  bucket   = aws_s3_bucket.copy[each.key].id
  policy   = data.aws_iam_policy_document.copy[each.key].json
}

data "aws_iam_policy_document" "copy" {
  for_each = local.copied

  statement {
    sid       = "EncryptedTransport"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.copy[each.key].arn, "${aws_s3_bucket.copy[each.key].arn}/*"]
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

resource "aws_s3_bucket_replication_configuration" "this" {
  for_each   = local.copied
  bucket     = aws_s3_bucket.this[each.key].id
  role       = var.copy_role_arn
  depends_on = [aws_s3_bucket_versioning.this, aws_s3_bucket_versioning.copy]

  rule {
    id     = "copy"
    status = "Enabled"
    filter {}
    delete_marker_replication {
      status = "Enabled"
    }
    destination {
      bucket = aws_s3_bucket.copy[each.key].arn
      encryption_configuration {
        replica_kms_key_id = var.copy_key_arn
      }
    }
    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }
  }
}

output "bucket_arns" { value = { for name, bucket in aws_s3_bucket.this : name => bucket.arn } }
