resource "aws_s3_bucket" "main" {
  bucket = "main"
}

resource "aws_s3_bucket" "replica" {
  provider = aws.replica
  bucket   = "replica"
}

module "implicit" {
  source = "./one"
  name   = "implicit"
}

module "passed" {
  source    = "./one"
  name      = "passed"
  providers = { aws = aws.cdn }
}

module "pair" {
  source = "./pair"
  providers = {
    aws.src = aws
    aws.dst = aws.replica
  }
}
