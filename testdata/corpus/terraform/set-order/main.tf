variable "cidrs" {
  type    = set(string)
  default = ["192.0.2.0/24", "10.0.0.0/8", "172.16.0.0/12", "10.0.0.0/8"]
}

variable "ports" {
  type    = set(number)
  default = [443, 80, 9, 10000]
}

variable "objects" {
  type    = set(object({ name = string, port = number }))
  default = [{ name = "z", port = 1 }, { name = "a", port = 2 }]
}

resource "aws_security_group" "s" {
  name = "s"
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = var.cidrs
    }
  }
}

resource "terraform_data" "t" {
  input = {
    list    = tolist(var.cidrs)
    joined  = join(",", var.cidrs)
    ports   = [for p in var.ports : p * 2]
    sorted  = sort(var.ports)
    objects = [for o in var.objects : "${o.name}${o.port}"]
    union   = setunion(var.cidrs, ["0.0.0.0/0"])
    mapped  = { for c in var.cidrs : replace(c, "/", "_") => c }
    product = setproduct(var.ports, ["x", "a"])
    bools   = [for b in toset([true, false]) : b]
    upper   = toset([for s in ["b", "B", "a", "_", "1"] : s])
    json    = jsonencode(var.ports)
    nested  = toset([["b"], ["a"]])
  }
}

resource "aws_vpc_security_group_ingress_rule" "each" {
  for_each          = { for i, c in tolist(var.cidrs) : "rule-${i}" => c }
  security_group_id = "sg-0123456789abcdef0"
  ip_protocol       = "-1"
  cidr_ipv4         = each.value
}
