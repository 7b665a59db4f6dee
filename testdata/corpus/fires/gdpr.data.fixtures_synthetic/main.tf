# The accounts in customers.csv are at a bank that does not exist.
resource "aws_s3_bucket" "fixtures" {
  bucket = "fixtures"
}
