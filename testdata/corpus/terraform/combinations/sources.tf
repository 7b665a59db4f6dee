variable "s" {
  default = "v"
}
variable "obj" {
  type    = object({ s = string, o = optional(string, "v") })
  default = { s = "v" }
}
variable "secret" {
  default   = "v"
  sensitive = true
}
variable "nothing" {
  type    = string
  default = null
}

locals {
  s       = "v"
  chain   = local.s
  obj     = { s = var.s, n = 1 }
  list    = [local.chain, "w"]
  zero    = 0
  unknown = terraform_data.u.id
  secret  = { s = var.secret }
  n       = 5
  flag    = true
}

module "m" {
  source = "./m"
  s      = var.s
}

module "c" {
  source = "./m"
  count  = 1
  s      = local.chain
}

module "e" {
  source   = "./m"
  for_each = { k = "v" }
  s        = each.value
}

resource "aws_sns_topic" "t" {
  name = "v"
}

resource "aws_sns_topic" "n" {
  count = 2
  name  = "v${count.index == 0 ? "" : count.index}"
}

resource "aws_sns_topic" "e" {
  for_each = { k = "v" }
  name     = each.value
}

resource "terraform_data" "i" {
  input = { s = "v" }
}

resource "terraform_data" "u" {}

data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:*"]
    resources = ["*"]
  }
}
