locals {
  z    = "${local.y}-z"
  y    = "${local.x}-y"
  x    = var.x
  days = local.table[local.tier]
  tier = local.flags.gold ? "gold" : "tin"
  flags = {
    gold = contains(local.names, "b")
  }
  names = concat(local.more, ["a"])
  more  = [for s in split(",", "b,c") : trimspace(s)]
  table = { gold = 365, tin = 30 }
  tags  = merge(local.common, { z = local.z, id = aws_kms_key.k.id })
  common = {
    x = local.x
    n = length(local.names)
  }
}

variable "x" {
  default = "x"
}

resource "aws_kms_key" "k" {
  description             = local.z
  deletion_window_in_days = local.days / 365 * 30
}

resource "aws_cloudwatch_log_group" "g" {
  name              = local.z
  retention_in_days = local.days
  tags              = local.common
}

resource "aws_sns_topic" "s" {
  name = "s"
  tags = local.tags
}
