module "m" {
  source = "./m"
  region = "eu-west-3"
}

resource "aws_s3_bucket" "b" {
  bucket = "outer"
}
