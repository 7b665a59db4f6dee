# One key for data, one for logs. Administrators cannot decrypt.
resource "aws_kms_key" "data" {
  description         = "Data of the shop"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key["data"].json
}

# Planted: this key is never rotated.
resource "aws_kms_key" "logs" {
  description = "Logs of the shop"
  policy      = data.aws_iam_policy_document.key["logs"].json
}

data "aws_iam_policy_document" "key" {
  for_each = {
    data = { type = "AWS", identifiers = [for name in keys(var.services) : "arn:aws:iam::${var.account_id}:role/${local.name}-${name}"] }
    logs = { type = "Service", identifiers = ["cloudtrail.amazonaws.com", "logs.${var.region}.amazonaws.com"] }
  }

  statement {
    sid       = "Administer"
    actions   = ["kms:Create*", "kms:Describe*", "kms:Put*", "kms:Disable*", "kms:ScheduleKeyDeletion"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${var.account_id}:role/key-administrator"]
    }
  }

  statement {
    sid       = "Use"
    actions   = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"]
    resources = ["*"]
    principals {
      type        = each.value.type
      identifiers = each.value.identifiers
    }
  }
}
