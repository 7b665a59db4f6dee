variable "name" {}
variable "days" {}

resource "aws_cloudwatch_log_group" "this" {
  name              = var.name
  retention_in_days = var.days
}

output "name" { value = aws_cloudwatch_log_group.this.name }
output "arn" { value = aws_cloudwatch_log_group.this.arn }
