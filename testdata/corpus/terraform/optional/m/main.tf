variable "strict" {
  type     = string
  default  = "strict-default"
  nullable = false
}
variable "loose" {
  type    = string
  default = "loose-default"
}
variable "settings" {
  type = object({
    retention = optional(number, 30)
    prefix    = optional(string)
  })
}
resource "terraform_data" "got" {
  input = {
    strict = var.strict
    loose  = var.loose == null ? "null" : var.loose
    all    = var.settings
  }
}
resource "aws_cloudwatch_log_group" "g" {
  name              = coalesce(var.loose, var.strict)
  retention_in_days = var.settings.retention
  kms_key_id        = var.settings.prefix
}
