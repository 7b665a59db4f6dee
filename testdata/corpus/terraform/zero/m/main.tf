variable "name" {}
variable "enabled" { default = true }
resource "aws_cloudwatch_log_group" "g" {
  count = var.enabled ? 1 : 0
  name  = var.name
}
output "name" { value = one(aws_cloudwatch_log_group.g[*].name) }
