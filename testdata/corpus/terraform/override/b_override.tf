variable "days" {
  default = 365
}

resource "aws_cloudwatch_log_group" "a" {
  tags = { from = "b_override" }
}

resource "aws_sqs_queue" "lc" {
  message_retention_seconds = 120
  lifecycle {
    ignore_changes = [name]
  }
}
