variable "s" {}

resource "terraform_data" "r" {
  input = var.s
}

output "s" { value = var.s }
output "obj" { value = { s = var.s } }
output "list" { value = [var.s] }
output "id" { value = terraform_data.r.id }
output "typed" { value = tomap({ s = var.s }) }
