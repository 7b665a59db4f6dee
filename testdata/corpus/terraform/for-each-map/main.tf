variable "groups" {
  type = map(object({
    days  = number
    class = string
  }))
  default = {
    audit  = { days = 400, class = "STANDARD" }
    access = { days = 30, class = "INFREQUENT_ACCESS" }
    debug  = { days = 1, class = "STANDARD" }
  }
}

resource "aws_cloudwatch_log_group" "each" {
  for_each          = var.groups
  name              = "/shop/${each.key}"
  retention_in_days = each.value.days
  log_group_class   = each.value.class
}

resource "aws_cloudwatch_log_group" "string" {
  for_each          = { web = "14", db = "90" }
  name              = each.key
  retention_in_days = each.value
}

resource "aws_cloudwatch_log_group" "filtered" {
  for_each          = { for k, v in var.groups : upper(k) => v.days * 1 if v.days > 1 && v.days < 400 }
  name              = "/filtered/${each.key}"
  retention_in_days = each.value
}

resource "aws_cloudwatch_log_metric_filter" "each" {
  for_each       = { for k, g in aws_cloudwatch_log_group.each : k => g.name if g.retention_in_days >= 30 }
  name           = "errors-${each.key}"
  pattern        = "ERROR"
  log_group_name = each.value
  metric_transformation {
    name      = each.key
    namespace = "shop"
    value     = 1
  }
}
