variable "cidr" {}

resource "aws_vpc" "v" {
  cidr_block = var.cidr
  tags       = { Name = "net" }
}

resource "aws_subnet" "s" {
  count      = 2
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(var.cidr, 8, count.index)
}

output "subnets" { value = aws_subnet.s[*].id }
output "cidrs" { value = aws_subnet.s[*].cidr_block }
output "name" { value = aws_vpc.v.tags.Name }
output "public" { value = false }
