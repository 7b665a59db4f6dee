# Synthetic.
resource "aws_s3_bucket" "invoices" {
  bucket = "example-invoices"
  tags   = { owner = "team-orders" }
}

resource "aws_s3_bucket" "exports" {
  bucket = "example-exports"
  tags   = { purpose = "reports" }
}
