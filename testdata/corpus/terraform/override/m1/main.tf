variable "name" {}
variable "extra" {}
resource "aws_sns_topic" "m1" {
  name         = var.name
  display_name = var.extra
}
