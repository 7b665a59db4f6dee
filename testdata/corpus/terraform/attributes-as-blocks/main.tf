locals {
  ports = [22, 443]
}

resource "aws_security_group" "for" {
  name = "for"
  ingress = [for p in local.ports : {
    from_port        = p
    to_port          = p
    protocol         = "tcp"
    cidr_blocks      = ["10.0.0.0/8"]
    description      = "port ${p}"
    ipv6_cidr_blocks = null
    prefix_list_ids  = null
    security_groups  = null
    self             = null
  }]
  egress = concat([], [])
}

resource "aws_network_acl" "acl" {
  vpc_id = "vpc-0123456789abcdef0"
  ingress = [{
    rule_no         = 100
    action          = "allow"
    protocol        = "6"
    from_port       = 22
    to_port         = 22
    cidr_block      = "0.0.0.0/0"
    icmp_code       = null
    icmp_type       = null
    ipv6_cidr_block = null
  }]
}

resource "aws_route_table" "rt" {
  vpc_id = "vpc-0123456789abcdef0"
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = "igw-0123456789abcdef0"
  }
  route {
    ipv6_cidr_block        = "::/0"
    egress_only_gateway_id = "eigw-0123456789abcdef0"
  }
}

resource "aws_instance" "i" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"
  ebs_block_device {
    device_name = "/dev/sdb"
    encrypted   = true
    volume_size = "10"
  }
  ebs_block_device {
    device_name = "/dev/sdc"
  }
  root_block_device {}
}
