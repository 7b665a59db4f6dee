variable "name" {}
locals { each = "inner" }
output "name" { value = "${var.name}-${local.each}" }
