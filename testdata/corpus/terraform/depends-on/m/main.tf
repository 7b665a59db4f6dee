data "aws_iam_policy_document" "late" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "p" {
  name   = "p"
  policy = data.aws_iam_policy_document.late.json
}

output "json" { value = data.aws_iam_policy_document.late.json }
