resource "aws_sns_topic" "hcl" {
  name = join("-", [for k, v in local.tags : "${k}_${v}"])
}
