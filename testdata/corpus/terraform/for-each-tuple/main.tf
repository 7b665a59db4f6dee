locals {
  tuple = ["10.0.1.0/24", "10.0.0.0/24", "10.0.1.0/24"]
  rows = [
    { name = "pg", port = 5432 },
    { name = "redis", port = 6379, tls = true },
  ]
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "set" {
  for_each   = toset(local.tuple)
  vpc_id     = aws_vpc.main.id
  cidr_block = each.value
}

resource "aws_security_group" "row" {
  for_each    = { for r in local.rows : r.name => r }
  name        = each.value.name
  description = "port ${each.value.port}"
  ingress {
    from_port   = each.value.port
    to_port     = each.value.port
    protocol    = "tcp"
    cidr_blocks = local.tuple
    description = try(each.value.tls, false) ? "encrypted" : "plain"
  }
}

resource "terraform_data" "numbered" {
  for_each = { for i, v in local.tuple : i => v }
  input    = "${each.key}=${each.value}"
}

resource "terraform_data" "grouped" {
  for_each = { for i, v in local.tuple : v => i... }
  input    = each.value
}

resource "terraform_data" "object" {
  for_each = { a = 1, b = "two", c = [3], d = null, e = { f = true } }
  input    = each.value
}
