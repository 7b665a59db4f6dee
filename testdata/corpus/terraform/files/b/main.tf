variable "name" { default = "default" }
resource "aws_sns_topic" "t" {
  name         = var.name
  display_name = path.module
}
