variable "days" {
  default = 30
}

resource "terraform_data" "trigger" {
  input = var.days
}

resource "aws_s3_bucket" "b" {
  bucket        = "lifecycle"
  force_destroy = true
  lifecycle {
    prevent_destroy      = true
    ignore_changes       = [tags, bucket]
    replace_triggered_by = [terraform_data.trigger]
    precondition {
      condition     = var.days > 1
      error_message = "too short"
    }
    postcondition {
      condition     = self.bucket == "lifecycle"
      error_message = "renamed"
    }
  }
}

resource "aws_cloudwatch_log_group" "g" {
  name              = "g"
  retention_in_days = var.days
  lifecycle {
    create_before_destroy = true
    ignore_changes        = all
  }
}
