locals {
  production = terraform.workspace == "prod"
  days       = { default = 7, prod = 400 }
}

resource "aws_cloudwatch_log_group" "g" {
  name              = "/${terraform.workspace}/app"
  retention_in_days = local.days[terraform.workspace]
}

resource "aws_cloudwatch_log_group" "debug" {
  count = local.production ? 0 : 1
  name  = "debug"
}
