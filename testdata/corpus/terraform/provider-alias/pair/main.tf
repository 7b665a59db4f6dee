terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.src, aws.dst]
    }
  }
}

resource "aws_s3_bucket" "src" {
  provider = aws.src
  bucket   = "src"
}

resource "aws_s3_bucket" "dst" {
  provider = aws.dst
  bucket   = "dst"
}

module "inner" {
  source    = "../one"
  name      = "inner"
  providers = { aws = aws.dst }
}
