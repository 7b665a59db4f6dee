locals {
  name = "shop"
  tags = { system = local.name, environment = "production" }

  networks = {
    main = { cidr_block = "10.20.0.0/16" }
    jobs = { cidr_block = "10.21.0.0/16", flow_logs = false } # Planted: nobody sees what comes and goes.
  }
}

module "network" {
  source   = "./modules/network"
  for_each = local.networks

  name       = "${local.name}-${each.key}"
  cidr_block = each.value.cidr_block
  zones      = ["${var.region}a", "${var.region}b"]
  flow_logs  = try(each.value.flow_logs, true)
  key_arn    = aws_kms_key.logs.arn
}

resource "aws_ecs_cluster" "main" {
  name = local.name
}

module "service" {
  source   = "./modules/service"
  for_each = var.services

  name           = "${local.name}-${each.key}"
  service        = each.key
  region         = var.region
  vpc_id         = module.network["main"].vpc_id
  subnet_ids     = module.network["main"].private_subnet_ids
  cluster_arn    = aws_ecs_cluster.main.arn
  image          = each.value.image
  port           = each.value.port
  sources        = each.value.internal ? module.network["main"].private_cidrs : module.network["main"].public_cidrs
  egress         = each.value.egress
  environment    = each.value.environment
  retention_days = each.value.retention_days
  queue          = each.value.queue
  key_arn        = aws_kms_key.data.arn
  log_key_arn    = aws_kms_key.logs.arn
  bucket_arn     = module.storage.bucket_arns["invoices"]
}

module "database" {
  source = "./modules/database"

  name   = local.name
  vpc_id = module.network["main"].vpc_id
  subnet_ids = {
    private = module.network["main"].private_subnet_ids
    public  = module.network["main"].public_subnet_ids
  }
  service_cidrs = module.network["main"].private_cidrs
  password      = var.db_password
  key_arn       = aws_kms_key.data.arn
  log_key_arn   = aws_kms_key.logs.arn
}

module "storage" {
  source    = "./modules/storage"
  providers = { aws = aws, aws.copy = aws.copy }

  prefix        = "example-${local.name}"
  key_arn       = aws_kms_key.data.arn
  copy_key_arn  = aws_kms_key.copy.arn
  copy_role_arn = aws_iam_role.copy.arn
  buckets = {
    assets   = { public = true } # pictures of goods
    invoices = { expire_days = 3650, copied = true }
    returns  = { expire_days = 180, own_key = false } # Planted: account numbers under a key that is not the shop's.
    uploads  = { expire_days = 30, public = true }    # Planted: anyone may list and read what customers sent.
  }
}

module "edge" {
  source = "./modules/edge"

  name            = local.name
  domain          = var.domain
  certificate_arn = var.certificate_arn
  vpc_id          = module.network["main"].vpc_id
  subnet_ids      = module.network["main"].public_subnet_ids
  targets         = { for name, service in var.services : name => service.port if !service.internal }
  log_bucket      = aws_s3_bucket.logs.bucket
}
