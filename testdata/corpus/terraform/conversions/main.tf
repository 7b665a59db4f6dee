variable "bools" {
  type    = list(bool)
  default = ["true", false, true]
}
variable "map_of_string" {
  type    = map(string)
  default = { n = 1, b = true, s = "x", f = 1.50 }
}
variable "set_of_number" {
  type    = set(number)
  default = ["2", 10, 1, 2]
}
variable "tuple" {
  type    = tuple([string, number, bool])
  default = [1, "2", "true"]
}
variable "any" {
  type    = any
  default = { a = [1, "x"], b = null }
}
variable "list_any" {
  type    = list(any)
  default = [1, "2", true]
}
variable "map_any" {
  type    = map(any)
  default = { a = 1, b = "2" }
}
variable "untyped" {
  default = [1, "2"]
}
variable "object_list" {
  type    = list(object({ a = string }))
  default = [{ a = 1, extra = "dropped" }, { a = "x" }]
}

resource "terraform_data" "v" {
  input = {
    bools         = var.bools
    map_of_string = var.map_of_string
    set_of_number = var.set_of_number
    tuple         = var.tuple
    any           = var.any
    list_any      = var.list_any
    map_any       = var.map_any
    untyped       = var.untyped
    object_list   = var.object_list
    tostring      = [tostring(true), tostring(1.5), tostring("s"), tostring(null)]
    tobool        = [tobool("true"), tobool(false), tobool("false")]
    tolist        = tolist(["a", 1, true])
    toset         = toset([1, "1", 2])
    tomap         = tomap({ a = 1, b = "x" })
    mixed_map     = { for k, v in { a = 1, b = "x" } : k => v }
    cond          = [true ? 1 : "a", false ? [] : ["x"]]
    type_conv     = local.convert
  }
}

locals {
  convert = { "1" = "number key" }
}

resource "aws_s3_bucket_public_access_block" "p" {
  bucket                  = "b"
  block_public_acls       = "true"
  block_public_policy     = "false"
  ignore_public_acls      = tobool("true")
  restrict_public_buckets = 1 == 1
}

resource "aws_cloudwatch_log_group" "g" {
  name              = 12345
  retention_in_days = "30"
  skip_destroy      = "true"
  tags              = { n = 1, b = true, f = 1.5, e = 1e3, big = 12345678901234567890 }
}

resource "aws_security_group" "s" {
  name = true
  ingress {
    from_port   = "22"
    to_port     = 22.0
    protocol    = 6
    cidr_blocks = toset(["192.0.2.0/24", "10.0.0.0/8"])
    self        = "true"
  }
}

resource "aws_elasticache_replication_group" "r" {
  replication_group_id       = "r"
  description                = "conversions"
  at_rest_encryption_enabled = "true"
  transit_encryption_enabled = true
  automatic_failover_enabled = "false"
  port                       = "6379"
  snapshot_retention_limit   = "7"
  apply_immediately          = false
}
