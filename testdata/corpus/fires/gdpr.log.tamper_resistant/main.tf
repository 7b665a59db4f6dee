resource "aws_cloudtrail" "main" {
  name                       = "main"
  s3_bucket_name             = aws_s3_bucket.trail.id
  enable_log_file_validation = false
}

resource "aws_s3_bucket" "trail" {
  bucket = "example-trail"
}
