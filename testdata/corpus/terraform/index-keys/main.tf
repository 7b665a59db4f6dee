locals {
  keys = {
    "a.b"       = "dot"
    "c\"d"      = "quote"
    "e[0]"      = "bracket"
    "f/g h"     = "slash"
    "ü→x"       = "unicode"
    "$${x}"     = "dollar"
    "i\\j"      = "backslash"
    "0"         = "zero"
    "new\nline" = "newline"
    "%%{y}"     = "percent"
  }
}

resource "terraform_data" "k" {
  for_each = local.keys
  input    = each.value
}

resource "aws_sns_topic" "t" {
  for_each = toset(["x.y", "0"])
  name     = replace(each.key, ".", "-")
}

module "m" {
  source   = "./m"
  for_each = { "one.two" = 1, "say \"hi\"" = 2 }
  n        = each.value
  key      = each.key
}

resource "terraform_data" "use" {
  input = [terraform_data.k["a.b"].input, terraform_data.k["c\"d"].input, aws_sns_topic.t["0"].name, module.m["one.two"].out]
}
