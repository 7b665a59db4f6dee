variable "region" {}

provider "aws" {
  alias                       = "own"
  region                      = var.region
  access_key                  = "x"
  secret_key                  = "x"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}

resource "aws_s3_bucket" "inner" {
  provider = aws.own
  bucket   = "inner-${var.region}"
}

resource "aws_s3_bucket" "default" {
  bucket = "inner-default"
}
