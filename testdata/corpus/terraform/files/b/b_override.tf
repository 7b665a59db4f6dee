resource "aws_sns_topic" "t" {
  kms_master_key_id = "alias/${var.name}"
}
