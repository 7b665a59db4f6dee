variable "cidr" {}
variable "path" { type = list(string) }

module "c" {
  source = "../../l3"
  spec   = { cidr = var.cidr, path = join("/", var.path) }
}

output "leaf" { value = module.c.group.name }
