data "aws_region" "here" {}

data "aws_partition" "here" {}

data "aws_arn" "parsed" {
  arn = "arn:aws:rds:eu-central-1:111122223333:db:orders"
}

data "aws_service_principal" "logs" {
  service_name = "logs"
}

data "terraform_remote_state" "net" {
  backend = "local"
  config = {
    path = "${path.module}/net.tfstate.json"
  }
}

resource "terraform_data" "pending" {
  input = 1
}

data "aws_iam_policy_document" "deferred" {
  depends_on = [terraform_data.pending]
  statement {
    actions   = ["logs:*"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "each" {
  for_each = toset(["a", "b"])
  statement {
    sid       = each.key
    actions   = ["logs:*"]
    resources = ["arn:${data.aws_partition.here.partition}:logs:${data.aws_region.here.name}:*:*"]
  }
}

resource "aws_cloudwatch_log_group" "g" {
  name = "/${data.aws_region.here.name}/app"
  tags = { account = data.aws_arn.parsed.account, vpc = data.terraform_remote_state.net.outputs.vpc }
}

resource "aws_iam_policy" "deferred" {
  name   = "deferred"
  policy = data.aws_iam_policy_document.deferred.json
}

resource "aws_iam_policy" "each" {
  for_each = data.aws_iam_policy_document.each
  name     = "each-${each.key}"
  policy   = each.value.json
}

resource "aws_flow_log" "f" {
  vpc_id               = data.terraform_remote_state.net.outputs.vpc
  traffic_type         = "ALL"
  log_destination_type = "s3"
  log_destination      = "arn:${data.aws_partition.here.partition}:s3:::flow"
}
