variable "days" {
  type    = number
  default = 400
  validation {
    condition     = var.days >= 365 && var.days <= var.limit
    error_message = "days must be between a year and ${var.limit}."
  }
}

variable "limit" {
  type    = number
  default = 1000
}

variable "cidr" {
  type    = string
  default = "10.0.0.0/8"
  validation {
    condition     = can(cidrhost(var.cidr, 0))
    error_message = "not a CIDR."
  }
  validation {
    condition     = !startswith(var.cidr, "0.")
    error_message = "open."
  }
}

check "retention" {
  assert {
    condition     = aws_cloudwatch_log_group.g.retention_in_days > 3650
    error_message = "a check that fails warns and no more."
  }
}

check "document" {
  data "aws_iam_policy_document" "scoped" {
    statement {
      actions   = ["s3:*"]
      resources = ["*"]
    }
  }
  assert {
    condition     = length(data.aws_iam_policy_document.scoped.json) > 0
    error_message = "empty."
  }
}

resource "aws_cloudwatch_log_group" "g" {
  name              = "g"
  retention_in_days = var.days
}

resource "aws_security_group" "sg" {
  name = "sg"
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [var.cidr]
  }
}
