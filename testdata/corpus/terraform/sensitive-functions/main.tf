variable "secret" {
  type      = map(string)
  default   = { a = "synthetic-1", b = "synthetic-22" }
  sensitive = true
}

variable "days" {
  default   = 30
  sensitive = true
}

locals {
  object = { open = "o", hidden = sensitive("h") }
}

resource "aws_cloudwatch_log_group" "g" {
  name              = "g"
  retention_in_days = var.days
  tags              = { for k, v in var.secret : k => length(v) }
}

resource "aws_security_group" "s" {
  name        = "s"
  description = join("-", ["d", var.secret["a"]])
  ingress {
    from_port   = var.days
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [sensitive("10.0.0.0/8"), "192.0.2.0/24"]
  }
}

resource "terraform_data" "t" {
  input = {
    object = local.object
    open   = local.object.open
    merged = merge(local.object, { x = 1 })
    keys   = keys(local.object)
    json   = jsonencode({ p = var.secret["b"] })
    length = length(var.secret)
    tern   = var.days > 7 ? "long" : "short"
    tmpl   = "${var.days} days"
    list   = [for k in sort(keys(nonsensitive(var.secret))) : k]
    lookup = lookup(var.secret, "a", "x")
    tobool = var.days == 30
    split  = split("-", var.secret["a"])
    b64    = base64encode(var.secret["a"])
    flat   = flatten([[sensitive("x")], ["y"]])
    concat = concat(["a"], [sensitive("b")])
    set    = toset(["z", sensitive("y")])
  }
}
