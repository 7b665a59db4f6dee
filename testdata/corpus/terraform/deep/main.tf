module "a" {
  source = "./l1"
  for_each = {
    eu = { cidr = "10.0.0.0/8", depth = 1 }
    us = { cidr = "172.16.0.0/12", depth = 2 }
  }
  cidr = each.value.cidr
  path = [each.key]
  n    = each.value.depth
}

output "all" { value = { for k, m in module.a : k => m.leaf } }

resource "terraform_data" "collected" {
  input = flatten([for k, m in module.a : m.leaf])
}
