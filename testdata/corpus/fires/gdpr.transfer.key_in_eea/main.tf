provider "aws" {
  region = "us-east-1"
}

resource "aws_kms_key" "app" {
  enable_key_rotation = true
}

resource "aws_ebs_volume" "app" {
  availability_zone = "us-east-1a"
  size              = 10
  encrypted         = true
  kms_key_id        = aws_kms_key.app.arn
}
