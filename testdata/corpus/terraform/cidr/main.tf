variable "cidr" {
  default = "10.20.0.0/16"
}

locals {
  azs = ["a", "b", "c"]
}

resource "aws_vpc" "v" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
}

resource "aws_subnet" "private" {
  count             = length(local.azs)
  vpc_id            = aws_vpc.v.id
  cidr_block        = cidrsubnet(aws_vpc.v.cidr_block, 8, count.index)
  availability_zone = "eu-central-1${local.azs[count.index]}"
}

resource "aws_subnet" "named" {
  for_each                = zipmap(local.azs, cidrsubnets(var.cidr, 4, 4, 8))
  vpc_id                  = aws_vpc.v.id
  cidr_block              = each.value
  map_public_ip_on_launch = each.key == "a"
}

resource "aws_security_group" "db" {
  name   = "db"
  vpc_id = aws_vpc.v.id
  ingress {
    from_port        = 5432
    to_port          = 5432
    protocol         = "TCP"
    cidr_blocks      = concat(aws_subnet.private[*].cidr_block, ["${cidrhost(var.cidr, 4)}/32"])
    ipv6_cidr_blocks = [cidrsubnet("fd00:fd12:3456:7890::/56", 16, 162)]
  }
}

resource "aws_network_acl" "acl" {
  vpc_id = aws_vpc.v.id
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = var.cidr
  }
  ingress {
    rule_no         = 200
    action          = "deny"
    protocol        = -1
    from_port       = 0
    to_port         = 0
    ipv6_cidr_block = "::/0"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "all"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}

resource "aws_network_acl_rule" "r" {
  network_acl_id = aws_network_acl.acl.id
  rule_number    = 300
  protocol       = "6"
  rule_action    = "allow"
  cidr_block     = cidrsubnet("0.0.0.0/0", 1, 1)
  from_port      = 1024
  to_port        = 65535
}

resource "terraform_data" "t" {
  input = [cidrnetmask("172.16.0.0/12"), cidrhost("10.0.0.0/8", -2), cidrhost("fd00::/64", 34), cidrsubnets("fd00::/48", 16, 16), cidrsubnet("10.1.2.3/24", 4, 2)]
}
