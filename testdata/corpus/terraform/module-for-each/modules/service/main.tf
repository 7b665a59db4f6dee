variable "name" { type = string }
variable "retention" {
  type    = number
  default = 90
}
variable "streams" { type = set(string) }

module "group" {
  source   = "../group"
  for_each = var.streams
  name     = "/${var.name}/${each.value}"
  days     = var.retention
}

resource "aws_s3_bucket" "export" {
  count  = length(var.streams)
  bucket = "export-${replace(var.name, ".", "-")}-${count.index}"
}

output "prefix" { value = "/${var.name}/" }
output "retention" { value = var.retention }
output "groups" { value = [for g in module.group : g.name] }
