variable "groups" {
  type = list(object({ name = string, cidrs = list(string), ports = optional(set(number), [443]) }))
  default = [
    { name = "a", cidrs = ["10.0.0.0/8", "192.0.2.0/24"] },
    { name = "b", cidrs = [], ports = [22, 80] },
    { name = "c", cidrs = ["198.51.100.0/24"], ports = [5432] },
  ]
}

locals {
  flat = flatten([for g in var.groups : [for c in g.cidrs : [for p in g.ports : { name = g.name, cidr = c, port = p }]]])
  map  = { for f in local.flat : "${f.name}-${f.cidr}-${f.port}" => f }
  m1   = { a = 1, b = { x = 1 } }
  m2   = { b = { y = 2 }, c = 3 }
}

resource "aws_vpc_security_group_ingress_rule" "each" {
  for_each          = local.map
  security_group_id = "sg-0123456789abcdef0"
  cidr_ipv4         = each.value.cidr
  from_port         = each.value.port
  to_port           = each.value.port
  ip_protocol       = "tcp"
  tags              = { name = each.value.name }
}

resource "terraform_data" "maps" {
  input = {
    merge      = merge(local.m1, local.m2, { d = 4 })
    merge_list = merge([{ a = 1 }, { a = 2, b = 3 }]...)
    lookup     = lookup({ a = "x" }, "b", "default")
    lookup2    = lookup({ a = "x" }, "a", "default")
    keys       = keys({ b = 1, a = 2 })
    values     = values({ b = 1, a = 2 })
    zipmap     = zipmap(["x", "y"], [1, 2])
    transpose  = transpose({ a = ["1", "2"], b = ["2"] })
    invert     = { for k, v in { a = "1", b = "2" } : v => k }
    group      = { for g in var.groups : length(g.cidrs) > 0 ? "some" : "none" => g.name... }
    index      = local.m1["b"]["x"]
    matchkeys  = matchkeys(["i1", "i2", "i3"], ["a", "b", "a"], ["a"])
    setproduct = setproduct(["a", "b"], [1, 2])
    for_cond   = [for i, g in var.groups : "${i}:${g.name}" if length(g.cidrs) != 0]
    for_map    = [for k, v in { z = 1, y = 2 } : "${k}=${v}"]
    for_set    = [for v in toset(["z", "y"]) : v]
  }
}

resource "terraform_data" "lists" {
  input = {
    concat    = concat(["a"], [1], [])
    distinct  = distinct(["a", "b", "a"])
    chunk     = chunklist(["a", "b", "c"], 2)
    slice     = slice(["a", "b", "c", "d"], 1, 3)
    sort      = sort(["b", "a", "10", "9"])
    reverse   = reverse([1, 2, 3])
    range     = [range(3), range(1, 4), range(0, 1, 0.5), range(3, 0)]
    index     = index(["a", "b"], "b")
    element   = element(["a", "b", "c"], 4)
    contains  = contains(["a"], "a")
    alltrue   = alltrue([true, "true"])
    anytrue   = anytrue([])
    coalesce  = coalesce("", "x", "y")
    coalescel = coalescelist([], [1])
    sum       = sum([1, 2.5, "3"])
    maxmin    = [max(1, 5, 3), min([4, 2]...)]
    setops    = [setunion(["a"], ["b"]), setintersection(["a", "b"], ["b"]), setsubtract(["a", "b"], ["b"])]
    length    = [length("héllo"), length({ a = 1 }), length([])]
    tolist    = tolist(toset(["c", "a"]))
    flatten   = flatten([["a"], [["b"], []], "c"])
    one       = one(["x"])
    sublist   = [for p in setproduct(["a"], ["b", "c"]) : join("", p)]
  }
}
