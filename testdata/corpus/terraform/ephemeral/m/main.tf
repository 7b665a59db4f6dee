variable "token" {
  ephemeral = true
}
resource "aws_cloudwatch_log_group" "g" {
  name = "fixed"
}
output "o" {
  value     = var.token
  ephemeral = true
}
