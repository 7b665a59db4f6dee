variable "spec" {
  type = object({ cidr = string, path = string, port = optional(number, 22) })
}

module "d" {
  source = "./l4"
  name   = var.spec.path
  rules  = [{ cidr = var.spec.cidr, port = var.spec.port }, { cidr = "192.0.2.0/24", port = 443 }]
}

output "group" { value = module.d.group }
