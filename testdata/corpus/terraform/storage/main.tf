resource "aws_s3_bucket" "b" {
  bucket        = "shop-data"
  force_destroy = false
}

resource "aws_s3_bucket_acl" "a" {
  bucket = aws_s3_bucket.b.id
  acl    = "private"
}

resource "aws_s3_bucket_ownership_controls" "o" {
  bucket = aws_s3_bucket.b.id
  rule { object_ownership = "BucketOwnerEnforced" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "e" {
  bucket = aws_s3_bucket.b.id
  rule {
    apply_server_side_encryption_by_default {
      kms_master_key_id = aws_kms_key.k.arn
      sse_algorithm     = "aws:kms"
    }
  }
}

resource "aws_kms_key" "k" {
  is_enabled = true
}

resource "aws_s3_bucket_lifecycle_configuration" "l" {
  bucket = aws_s3_bucket.b.id
  rule {
    id     = "expire"
    status = "Enabled"
    filter {
      and {
        prefix = "logs/"
        tags   = { class = "personal" }
      }
    }
    expiration { days = 90 }
    noncurrent_version_expiration {
      noncurrent_days           = 30
      newer_noncurrent_versions = 2
    }
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
  rule {
    id     = "date"
    status = "Disabled"
    filter {}
    expiration { date = "2030-01-01T00:00:00Z" }
  }
}

resource "aws_s3_bucket_logging" "log" {
  bucket        = aws_s3_bucket.b.id
  target_bucket = "access-logs"
  target_prefix = "s3/${aws_s3_bucket.b.bucket}/"
}

resource "aws_s3_bucket_object_lock_configuration" "lock" {
  bucket = aws_s3_bucket.b.id
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 365
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "r" {
  bucket = aws_s3_bucket.b.id
  role   = "arn:aws:iam::111122223333:role/replication"
  rule {
    id     = "all"
    status = "Enabled"
    filter { prefix = "" }
    delete_marker_replication { status = "Disabled" }
    destination {
      bucket        = "arn:aws:s3:::replica-us"
      storage_class = "STANDARD"
    }
  }
}

resource "aws_ebs_volume" "v" {
  availability_zone = "eu-central-1a"
  size              = 10
  encrypted         = true
}

resource "aws_backup_vault" "v" {
  name        = "vault"
  kms_key_arn = aws_kms_key.k.arn
}

resource "aws_backup_plan" "p" {
  name = "plan"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.v.name
    schedule          = "cron(0 5 ? * * *)"
    lifecycle {
      cold_storage_after = 30
      delete_after       = 365
    }
  }
}
