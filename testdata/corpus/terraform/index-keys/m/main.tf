variable "n" {}
variable "key" {}
resource "terraform_data" "in" {
  for_each = { "k.${var.n}" = var.key }
  input    = each.value
}
output "out" { value = terraform_data.in["k.${var.n}"].input }
