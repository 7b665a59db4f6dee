variable "streams" {
  type    = list(string)
  default = ["audit", "access", "error"]
}

variable "archive" {
  type    = bool
  default = false
}

locals {
  long = [for s in var.streams : s if s != "error"]
}

resource "aws_cloudwatch_log_group" "stream" {
  count             = length(var.streams)
  name              = "/shop/${var.streams[count.index]}"
  retention_in_days = count.index == 0 ? 400 : 30
  tags = {
    index = count.index
    next  = count.index + 1
  }
}

resource "aws_cloudwatch_log_group" "archive" {
  count = var.archive ? 1 : 0
  name  = "/shop/archive"
}

resource "aws_cloudwatch_log_group" "text" {
  count             = "2"
  name              = format("/shop/text-%02d", count.index)
  retention_in_days = 7 * (count.index + 1)
}

resource "aws_cloudwatch_log_stream" "first" {
  count          = length(local.long)
  name           = local.long[count.index]
  log_group_name = aws_cloudwatch_log_group.stream[count.index].name
}

resource "aws_cloudwatch_log_stream" "one" {
  count          = length(aws_cloudwatch_log_group.archive) == 0 ? 1 : 0
  name           = "fallback"
  log_group_name = try(aws_cloudwatch_log_group.archive[0].name, aws_cloudwatch_log_group.text[1].name)
}
