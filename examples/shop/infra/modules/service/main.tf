variable "name" { type = string }
variable "vpc_id" { type = string }
variable "port" { type = number }
variable "sources" { type = list(string) }
variable "retention_days" { type = number }

resource "aws_security_group" "this" {
  name        = var.name
  description = "Traffic of ${var.name}"
  vpc_id      = var.vpc_id

  dynamic "ingress" {
    for_each = toset(var.sources)
    content {
      description = "port/${var.name}"
      from_port   = var.port
      to_port     = var.port
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/${var.name}"
  retention_in_days = var.retention_days
}

output "security_group_id" {
  value = aws_security_group.this.id
}
