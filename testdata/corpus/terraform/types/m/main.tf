variable "ports" { type = set(number) }
variable "flags" { type = map(bool) }
variable "obj" { type = object({ name = string }) }
variable "any" {}
output "all" { value = { ports = var.ports, flags = var.flags, obj = var.obj, any = var.any } }
