variable "cidr" {}
variable "path" { type = list(string) }
variable "n" {}

module "b" {
  source = "./l2"
  count  = var.n
  cidr   = cidrsubnet(var.cidr, 4, count.index)
  path   = concat(var.path, ["b${count.index}"])
}

output "leaf" { value = module.b[*].leaf }
