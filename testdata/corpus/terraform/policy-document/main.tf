variable "principals" {
  type    = set(string)
  default = ["arn:aws:iam::111122223333:root", "arn:aws:iam::444455556666:root"]
}

locals {
  bucket = "policy"
}

resource "aws_s3_bucket" "b" {
  bucket = local.bucket
}

data "aws_iam_policy_document" "pending" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["arn:aws:s3:::${aws_s3_bucket.b.bucket}/*"]
  }
}

resource "aws_iam_policy" "pending" {
  name   = "pending"
  policy = data.aws_iam_policy_document.pending.json
}

data "aws_iam_policy_document" "base" {
  policy_id = "base"
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = ["arn:aws:s3:::${local.bucket}", "arn:aws:s3:::${local.bucket}/*"]
    principals {
      type        = "AWS"
      identifiers = var.principals
    }
    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["111122223333"]
    }
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [true]
    }
  }
  statement {
    sid           = "Deny"
    effect        = "Deny"
    not_actions   = ["s3:Get*"]
    not_resources = ["arn:aws:s3:::other"]
    not_principals {
      type        = "AWS"
      identifiers = ["111122223333"]
    }
  }
}

data "aws_iam_policy_document" "open" {
  version = "2012-10-17"
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
  dynamic "statement" {
    for_each = ["a", "b"]
    content {
      sid       = statement.value
      actions   = ["sqs:SendMessage"]
      resources = ["arn:aws:sqs:*:*:${statement.value}", "arn:aws:sqs:::&{aws:username}"]
    }
  }
}

data "aws_iam_policy_document" "merged" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json, data.aws_iam_policy_document.open.json]
  override_policy_documents = [data.aws_iam_policy_document.override.json]
  statement {
    sid       = "Own"
    actions   = ["kms:Decrypt"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "override" {
  statement {
    sid       = "Read"
    effect    = "Deny"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "unknown" {
  statement {
    actions   = ["s3:GetObject"]
    resources = [aws_s3_bucket.b.arn, "${aws_s3_bucket.b.arn}/*"]
  }
}

resource "aws_s3_bucket_policy" "base" {
  bucket = aws_s3_bucket.b.bucket
  policy = data.aws_iam_policy_document.base.json
}

resource "aws_s3_bucket_policy" "open" {
  bucket = "other"
  policy = data.aws_iam_policy_document.open.json
}

resource "aws_iam_policy" "merged" {
  name   = "merged"
  policy = data.aws_iam_policy_document.merged.json
}

resource "aws_iam_policy" "unknown" {
  name   = "unknown"
  policy = data.aws_iam_policy_document.unknown.json
}

resource "aws_iam_policy" "encoded" {
  name = "encoded"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "*", Resource = "*" },
      { Effect = "Deny", Action = ["logs:DeleteLogGroup"], Resource = aws_s3_bucket.b.bucket },
    ]
  })
}

resource "aws_kms_key" "k" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "root", Effect = "Allow", Principal = { AWS = tolist(var.principals) }, Action = "kms:*", Resource = "*" }]
  })
}

resource "aws_iam_role_policy" "partly" {
  name   = "partly"
  role   = "role"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = aws_s3_bucket.b.arn }] })
}
