variable "kms" {
  type    = string
  default = null
}

variable "days" {
  type    = number
  default = null
}

locals {
  none = null
  tags = { a = null, b = "x" }
}

resource "aws_cloudwatch_log_group" "a" {
  name              = "nulls"
  kms_key_id        = var.kms
  retention_in_days = var.days
  skip_destroy      = null
  tags              = var.kms == null ? null : { k = var.kms }
}

resource "aws_cloudwatch_log_group" "b" {
  name              = coalesce(var.kms, "b")
  retention_in_days = var.days != null ? var.days : 30
}

resource "aws_security_group" "sg" {
  name        = "nulls"
  description = null
  ingress {
    from_port        = 1
    to_port          = 1
    protocol         = "tcp"
    cidr_blocks      = null
    ipv6_cidr_blocks = ["::/0"]
    self             = null
    description      = null
  }
  dynamic "egress" {
    for_each = var.days == null ? [] : [1]
    content {
      from_port = 0
      to_port   = 0
      protocol  = "-1"
    }
  }
}

resource "aws_sqs_queue" "q" {
  name                      = "q"
  kms_master_key_id         = local.none
  message_retention_seconds = try(local.none.days, null)
  tags                      = { for k, v in local.tags : k => v if v != null }
}

resource "terraform_data" "n" {
  input = {
    tags     = local.tags
    list     = [null, 1, local.none]
    compact  = compact(["", null, "x"])
    is_null  = local.tags.a == null
    coalesce = coalescelist([], ["x"])
    lookup   = lookup(local.tags, "a", "unused")
    splat    = local.none[*]
    one      = one([])
    merged   = merge({ a = 1 }, null, { b = null })
    cond     = true ? null : "x"
  }
}
