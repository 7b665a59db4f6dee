variable "days" {
  type    = number
  default = 30
}

locals {
  prefix = "/base"
  suffix = "x"
}

resource "aws_cloudwatch_log_group" "a" {
  name              = "${local.prefix}/${local.suffix}"
  retention_in_days = var.days
  tags              = { from = "main", keep = "no" }
}

resource "aws_security_group" "sg" {
  name        = "sg"
  description = "kept"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port   = 23
    to_port     = 23
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_sqs_queue" "q" {
  count                     = 2
  name                      = "q-${count.index}"
  message_retention_seconds = 60
}

resource "aws_sqs_queue" "lc" {
  name = "lc"
  lifecycle {
    prevent_destroy = true
  }
}

module "m" {
  source = "./m1"
  name   = "one"
  extra  = "kept"
}
