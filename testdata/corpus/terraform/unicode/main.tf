locals {
  größe    = 10
  名前       = "データ"
  combined = "e\u0301"
}

variable "straße" {
  default = "weg"
}

resource "aws_ssm_parameter" "ключ" {
  for_each = { "日本" = "東京", "emoji" = "🔒🇪🇺", "nfd" = local.combined, "rtl" = "שלום\u202e" }
  name     = "/${each.key == "日本" ? "jp" : each.key}"
  type     = "String"
  value    = "${each.value}-${local.größe}"
}

resource "terraform_data" "t" {
  input = {
    name    = local.名前
    upper   = upper("straße ß ǆ")
    title   = title("hello wörld")
    length  = [length("🔒🇪🇺"), length("e\u0301"), length("日本")]
    substr  = substr("日本語", 1, 1)
    reverse = strrev("añb🔒")
    sort    = sort(["é", "e", "z", "日", "Z"])
    keys    = keys({ "ü" = 1, "u" = 2, "日" = 3 })
    nfc     = local.combined == "\u00e9"
    format  = format("%-5s|%5s|", "ñ", "日")
    var     = var.straße
    split   = split("", "日本")
  }
}
