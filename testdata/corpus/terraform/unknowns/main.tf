resource "terraform_data" "u" {
  input = "x"
}

locals {
  id   = terraform_data.u.id
  list = ["a", local.id, "c"]
  map  = { a = 1, b = local.id }
}

resource "terraform_data" "t" {
  input = {
    length    = length(local.list)
    element   = element(local.list, 2)
    index     = local.list[0]
    keys      = keys(local.map)
    values    = values(local.map)
    lookup    = lookup(local.map, "a", 9)
    contains  = contains(local.list, "a")
    contains2 = contains(local.list, "zz")
    join      = join(",", local.list)
    coalesce  = coalesce("first", local.id)
    coalesce2 = coalesce(local.id, "second")
    merge     = merge(local.map, { c = 3 })
    concat    = concat(local.list, ["d"])
    distinct  = distinct(local.list)
    toset     = toset(local.list)
    for       = [for v in local.list : v]
    for_if    = [for v in local.list : v if v != "a"]
    for_obj   = { for k, v in local.map : k => v }
    for_key   = { for v in local.list : v => 1 }
    json      = jsonencode(local.map)
    template  = "pre-${local.id}"
    starts    = startswith("pre-${local.id}", "pre-")
    cond      = local.id == "x" ? "a" : "b"
    cond_list = local.id == "x" ? ["a"] : ["b"]
    cond_map  = local.id == "x" ? { a = 1 } : { a = 2 }
    cond_null = local.id == "x" ? "a" : null
    and       = false && local.id == "x"
    try       = try(local.id, "fallback")
    can       = can(local.id)
    flatten   = flatten([local.list, [["z"]]])
    slice     = slice(local.list, 0, 1)
    reverse   = reverse(local.list)
    zipmap    = zipmap(["a", "b"], [1, local.id])
    object    = { known = 1, deep = { id = local.id, k = "v" } }
    nested    = [{ id = local.id, n = 1 }]
    split     = split("-", local.id)
    upper     = upper(local.id)
    type      = tostring(local.id)
    sum       = sum([1, length(local.id)])
    sort      = sort(local.list)
    compact   = compact(local.list)
    output    = terraform_data.u.output
  }
}

resource "aws_security_group" "s" {
  name        = "s"
  description = "for ${local.id}"
  ingress {
    from_port       = 22
    to_port         = 22
    protocol        = "tcp"
    cidr_blocks     = ["10.0.0.0/8", "${local.id}/32"]
    security_groups = [local.id]
  }
  tags = merge({ a = "1" }, { b = local.id })
}

resource "aws_cloudwatch_log_group" "g" {
  for_each          = { for k in ["a", "b"] : k => local.id }
  name              = each.key
  kms_key_id        = each.value
  retention_in_days = local.id == "x" ? 30 : 400
  tags              = local.id == "x" ? { a = "1" } : { b = "2" }
}
