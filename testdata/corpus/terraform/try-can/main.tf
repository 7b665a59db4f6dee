variable "raw" {
  default = {
    list   = ["a", "b"]
    number = "12"
    nested = { deep = { value = 1 } }
  }
}

locals {
  missing = try(var.raw.nothing, "fallback")
  parsed  = try(tonumber("abc"), tonumber(var.raw.number), 0)
  index   = try(var.raw.list[5], var.raw.list[1])
  json    = try(jsondecode("{bad"), { error = true })
  deep    = try(var.raw["nested"]["deep"]["value"], null)
}

resource "aws_cloudwatch_log_group" "g" {
  name              = "/${local.missing}/${local.index}"
  retention_in_days = try(var.raw.retention, 90)
  tags              = try(tomap({ a = "1" }), {})
}

resource "aws_kms_key" "k" {
  enable_key_rotation     = can(regex("^1", var.raw.number))
  deletion_window_in_days = local.parsed
  is_enabled              = !can(var.raw.nested.deep.other)
}

resource "terraform_data" "t" {
  input = {
    missing = local.missing
    parsed  = local.parsed
    index   = local.index
    json    = local.json
    deep    = local.deep
    cans    = [can(tonumber("x")), can(var.raw.list[0]), can(jsondecode("[1]")), can(cidrhost("10.0.0.0/8", 1)), can(regex("z", "a"))]
    unknown = try(aws_kms_key.k.arn, "never")
    can_unk = can(aws_kms_key.k.arn)
    split   = try(split("-", aws_kms_key.k.arn)[0], "never")
    tolist  = try(tolist(var.raw.list), [var.raw.list])
    wrapped = try(tolist(var.raw.number), [var.raw.number])
    bool    = try(tobool("yes"), false)
  }
}
