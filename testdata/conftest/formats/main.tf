terraform {
  required_version = ">= 1.0"
}

variable "region" {
  default = "eu-central-1"
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs-${var.region}"
  count  = 2 + 1
  size   = -5
  neg    = -var.x
  not    = !true
  big    = 12345678901234567890
  frac   = 1.50
  million = 1000000
  exp    = 1e3
  nothing = null
  yes    = true
  ref    = aws_kms_key.main.arn
  list   = [1, "two", var.three, [true]]
  object = {
    plain     = 1
    "quoted"  = "x"
    (var.key) = 2
    "${var.a}-b" = 3
    a.b       = 4
    5         = 5
    null      = 6
    true      = 7
  }
  call   = jsonencode({ a = 1 })
  cond   = var.x ? "a" : "b"
  for    = [for s in var.list : upper(s) if s != ""]
  splat  = aws_instance.web[*].id
  esc    = "$${literal} %%{literal} \"q\" \n \u00e9"
  only   = "${var.only}"
  wrap   = "${"inner"}"
  paren  = (1 + 2) * 3
  tmpl   = "%{ if var.x }yes%{ else }no%{ endif } and %{ for k, v in var.m ~} ${k}=${v} %{ endfor }"
  heredoc = <<-EOT
    first ${var.region}
      second
  EOT
  plainheredoc = <<EOT
a
  b
EOT
  empty  = ""
  dups   = { a = 1, "a" = [2], a = "three" }

  lifecycle {
    prevent_destroy = true
  }
  rule {
    id = "a"
  }
  rule {
    id = "b"
  }
  tags = {}
}

resource "aws_s3_bucket" "other" {}

resource "aws_kms_key" "main" {
  policy = file("policy.json")
}

locals {
  a = 1
}

locals {
  b = "${local.a}"
}
