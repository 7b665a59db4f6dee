variable "key" { default = "dyn" }
locals {
  list  = ["a", "b"]
  each  = "local each"
  count = 7
  objs  = [{ id = 1, in = [{ v = "x" }] }]
}

resource "aws_sns_topic" "var" {
  name = "named-var"
}

resource "aws_sns_topic" "each" {
  for_each     = { for path in local.list : path => [for each in [path] : "${each}!"][0] }
  name         = each.key
  display_name = join(",", [for each in ["s"] : each], [each.value])
}

resource "aws_security_group" "iterators" {
  for_each = { for k in ["p", "q"] : k => { ports = [1, 2] } }
  name     = each.key
  dynamic "ingress" {
    for_each = each.value.ports
    iterator = each
    content {
      from_port   = each.value
      to_port     = each.value
      protocol    = "tcp"
      description = "k${each.key}"
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
  dynamic "egress" {
    for_each = [for port in each.value.ports : { port = port, name = each.key }]
    content {
      from_port   = egress.value.port
      to_port     = egress.value.port
      protocol    = "tcp"
      description = "${each.key}-${egress.value.name}-${egress.key}"
      cidr_blocks = [for egress in ["10.0.0.0/8"] : egress]
    }
  }
}

resource "terraform_data" "keys" {
  input = {
    (var.key)       = 1
    "${var.key}-x"  = 2
    var             = 3
    local           = local.each
    "a.b"           = { c = 4 }
    1               = "one"
    true            = "bool"
    null            = "null key"
    (local.list[0]) = "computed"
    for             = "keyword"
    in              = "keyword"
    if              = local.count
  }
}

resource "terraform_data" "index" {
  input = {
    legacy     = local.list.0
    string_idx = local.list["1"]
    num_key    = { "1" = "x" }[1]
    nested     = local.objs[0].in[0].v
    splat      = local.objs[*].in[*].v
    legacy_sp  = local.objs.*.in[0]
    of_call    = split("-", "a-b")[1]
    of_paren   = (local.list)[0]
    of_tuple   = ["x", "y"][1]
    of_object  = { a = { b = 2 } }.a.b
    expr       = local.list[length(local.list) - 1]
    inner_for  = [for i, v in local.list : [for j, w in local.list : "${i}${v}${j}${w}" if i != j]]
    shadow     = [for local in ["shadow"] : local]
    obj_for    = { for i, v in local.list : v => { for k in [v] : k => i } }
    multi_line = [
      for v in local.list :
      upper(v)
      if v != "a"
    ]
  }
}

module "each" {
  source   = "./m"
  for_each = toset(["one"])
  name     = each.value
}

resource "aws_sns_topic" "data" {
  name = "data-${module.each["one"].name}"
}
