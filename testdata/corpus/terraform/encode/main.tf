locals {
  config = yamldecode(file("${path.module}/config.yaml"))
  rules  = [for f in fileset(path.module, "rules/*.json") : jsondecode(file("${path.module}/${f}"))]
  users  = csvdecode(file("${path.module}/users.csv"))
}

resource "aws_cloudwatch_log_group" "g" {
  for_each          = local.config.groups
  name              = each.key
  retention_in_days = try(each.value.days, local.config.default_days)
  tags              = { for t in try(each.value.tags, []) : t => "yes" }
}

resource "aws_security_group" "s" {
  name = "rules"
  dynamic "ingress" {
    for_each = { for r in local.rules : r.name => r }
    content {
      description = ingress.key
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ingress.value.cidrs
    }
  }
}

resource "aws_s3_bucket" "user" {
  for_each = { for u in local.users : u.name => u if u.active == "true" }
  bucket   = "home-${each.key}"
  tags     = { uid = each.value.uid }
}

resource "aws_ssm_parameter" "json" {
  name  = "/json"
  type  = "String"
  value = jsonencode({ b = [1, 2.5, true, null], a = "<x & y>", "ü" = "é\n", e = {}, n = 12345678901234567890 })
}

resource "aws_ssm_parameter" "yaml" {
  name  = "/yaml"
  type  = "String"
  value = yamlencode({ b = [1, "two"], a = "true", n = null })
}

resource "terraform_data" "t" {
  input = {
    config   = local.config
    b64      = base64encode("hällo")
    unb64    = base64decode("aGk=")
    url      = urlencode("a b&c=ü/")
    back     = jsondecode("{\"x\": [1, 2.50, 1e3, 9007199254740993], \"s\": \"\\u00e9\", \"n\": null}")
    textb64  = textencodebase64("x", "UTF-16LE")
    yaml     = yamldecode("a: 1\nb: [x, ~, 1.5, 0o17, 0x1F, true, 'no']\nc: |\n  text\nd: 2024-01-02\ne: !!str 5\n")
    gzip_len = length(base64gzip("x")) > 0
    md5      = md5("x")
    sha1     = sha1("x")
    sha256   = sha256("x")
    sha512   = base64sha512("x")
    uuid5    = uuidv5("dns", "example.org")
    b64sha   = base64sha256("x")
    csv      = csvdecode("a,b\n1,\"x,y\"\n")
  }
}
