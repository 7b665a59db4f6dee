resource "aws_kms_key" "k" {
  description = "first"
}

resource "aws_cloudwatch_log_group" "g" {
  name       = "g"
  depends_on = [aws_kms_key.k, module.m]
}

module "m" {
  source     = "./m"
  depends_on = [aws_kms_key.k]
}
