locals {
  name = "shop"
  tags = { system = local.name, environment = "production" }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = local.tags
}

resource "aws_subnet" "private" {
  for_each          = { a = 1, b = 2 }
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value)
  availability_zone = "${var.region}${each.key}"
}

module "service" {
  source   = "./modules/service"
  for_each = var.services

  name           = "${local.name}-${each.key}"
  vpc_id         = aws_vpc.main.id
  port           = each.value.port
  sources        = each.value.sources
  retention_days = each.value.retention_days
}

# Planted fault: nobody set a period, so records stay for ever.
resource "aws_cloudwatch_log_group" "legacy" {
  name = "/${local.name}/legacy"
}
