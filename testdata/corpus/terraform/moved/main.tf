moved {
  from = aws_cloudwatch_log_group.old
  to   = aws_cloudwatch_log_group.new["a"]
}

moved {
  from = module.before
  to   = module.after[0]
}

removed {
  from = aws_s3_bucket.gone
  lifecycle {
    destroy = false
  }
}

resource "aws_cloudwatch_log_group" "new" {
  for_each          = toset(["a"])
  name              = each.key
  retention_in_days = 3
}

module "after" {
  source = "./m"
  count  = 1
  label  = "after"
}
