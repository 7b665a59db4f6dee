locals {
  hosts = ["a", "b", "c"]
  env   = { X = 1, Y = "two" }
  tls   = true
}

resource "aws_ssm_parameter" "d" {
  for_each = {
    if_else  = "proto=%{if local.tls}https%{else}http%{endif}"
    if_only  = "x%{if !local.tls}never%{endif}y"
    for_list = "%{for h in local.hosts}${h},%{endfor}"
    for_key  = "%{for k, v in local.env}${k}=${v};%{endfor}"
    strip    = "a  %{~if local.tls~}  b  %{~endif~}  c"
    interp   = "[  ${~local.hosts[0]~}  ]"
    nested   = "%{for i, h in local.hosts}%{if i > 0}|%{endif}${upper(h)}%{endfor}"
    expr     = "${1 + 2}${local.tls}${"quoted \"x\""}${null == null}"
    inner    = "${"a${"b${local.hosts[2]}"}"}"
    number   = "${1.50} ${1e3} ${0.1 + 0.2}"
  }
  name  = "/${each.key}"
  type  = "String"
  value = each.value
}

resource "terraform_data" "kept_types" {
  input = {
    number = "${5}"
    bool   = "${local.tls}"
    list   = "${local.hosts}"
    text   = "${5} "
  }
}
