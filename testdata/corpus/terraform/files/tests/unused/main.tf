resource "aws_sns_topic" "not_called" { name = "x" }
