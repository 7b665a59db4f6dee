# What the second copy of the invoices needs: a key beside it, a role that copies.
resource "aws_kms_key" "copy" {
  provider            = aws.copy
  description         = "Second copies"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key["data"].json
}

resource "aws_iam_role" "copy" {
  name               = "${local.name}-copy"
  assume_role_policy = data.aws_iam_policy_document.copy_assume.json
}

resource "aws_iam_role_policy" "copy" {
  role   = aws_iam_role.copy.id
  policy = data.aws_iam_policy_document.copy.json
}

data "aws_iam_policy_document" "copy_assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "copy" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObjectVersionForReplication", "s3:GetReplicationConfiguration", "s3:ListBucket"]
    resources = [module.storage.bucket_arns["invoices"], "${module.storage.bucket_arns["invoices"]}/*"]
  }

  statement {
    sid       = "Write"
    actions   = ["s3:ReplicateObject", "s3:ReplicateDelete"]
    resources = ["arn:aws:s3:::example-${local.name}-invoices-copy/*"]
  }
}
