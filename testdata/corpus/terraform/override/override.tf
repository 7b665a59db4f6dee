locals {
  prefix = "/override"
}

resource "aws_cloudwatch_log_group" "a" {
  tags = { from = "override" }
}

resource "aws_security_group" "sg" {
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_sqs_queue" "q" {
  count = 1
}

module "m" {
  source = "./m2"
  name   = "two"
}
