module "network" {
  source = "./network"
  cidr   = "10.9.0.0/16"
}

module "kms" {
  source = "./kms"
}

module "database" {
  source     = "./database"
  subnets    = module.network.subnets
  cidrs      = module.network.cidrs
  kms        = module.kms.key
  sources    = concat(module.network.cidrs, ["192.0.2.10/32"])
  settings   = { name = "orders-${module.network.name}", public = module.network.public }
  depends_on = [module.kms]
}

resource "aws_security_group_rule" "extra" {
  type              = "ingress"
  security_group_id = module.database.group_id
  from_port         = module.database.port
  to_port           = module.database.port
  protocol          = "tcp"
  cidr_blocks       = [for c in module.network.cidrs : c if c != "10.9.1.0/24"]
}

output "endpoint" { value = module.database.endpoint }
