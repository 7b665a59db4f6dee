variable "name" {}
variable "rules" {}

resource "aws_security_group" "g" {
  name = replace(var.name, "/", "-")
  dynamic "ingress" {
    for_each = var.rules
    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = [ingress.value.cidr]
    }
  }
}

output "group" { value = aws_security_group.g }
