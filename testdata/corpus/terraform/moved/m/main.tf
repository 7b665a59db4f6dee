variable "label" {}

moved {
  from = aws_sns_topic.was
  to   = aws_sns_topic.is
}

resource "aws_sns_topic" "is" {
  name              = var.label
  kms_master_key_id = "alias/aws/sns"
}
