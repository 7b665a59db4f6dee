variable "enabled" {
  default = false
}

variable "names" {
  type    = list(string)
  default = []
}

module "count" {
  source = "./m"
  count  = var.enabled ? 1 : 0
  name   = "count"
}

module "each" {
  source   = "./m"
  for_each = toset(var.names)
  name     = each.key
}

module "empty" {
  source  = "./m"
  name    = "empty"
  enabled = false
}

resource "aws_s3_bucket" "none" {
  for_each = { for n in var.names : n => n }
  bucket   = each.key
}

resource "aws_sns_topic" "t" {
  name = "t-${length(module.count)}-${length(module.each)}-${length(aws_s3_bucket.none)}"
  tags = {
    count = try(module.count[0].name, "none")
    one   = one(module.count[*].name) == null ? "null" : "set"
    join  = join(",", [for m in module.each : m.name])
    empty = module.empty.name == null ? "null" : "set"
  }
}
