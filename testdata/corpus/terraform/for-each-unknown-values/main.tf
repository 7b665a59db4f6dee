resource "aws_kms_key" "main" {
  description             = "logs"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_key" "each" {
  for_each            = toset(["eu", "us"])
  description         = each.key
  enable_key_rotation = each.key == "eu"
}

locals {
  keys = {
    audit  = aws_kms_key.main.arn
    access = aws_kms_key.each["eu"].arn
    none   = null
    fixed  = "arn:aws:kms:eu-central-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  }
}

resource "aws_cloudwatch_log_group" "each" {
  for_each          = local.keys
  name              = "/shop/${each.key}"
  kms_key_id        = each.value
  retention_in_days = 30
}

resource "aws_kms_alias" "each" {
  for_each      = aws_kms_key.each
  name          = "alias/${each.key}"
  target_key_id = each.value.key_id
}

resource "terraform_data" "mixed" {
  input = {
    known   = [for k, v in local.keys : k]
    values  = [for k, v in local.keys : v]
    lengths = length(local.keys)
    has     = contains(keys(local.keys), "audit")
    nested  = { arn = "${aws_kms_key.main.arn}/x", name = aws_kms_key.main.description }
  }
}
