variable "old_string" {
  type    = string
  default = 5
}
variable "old_list" {
  type    = list(string)
  default = ["a"]
}
variable "old_map" {
  type    = map(string)
  default = { a = "b" }
}
variable "bare_list" {
  type    = list(any)
  default = [1, "2"]
}
variable "bare_map" {
  type    = map(any)
  default = { a = 1, b = "2" }
}
variable "nested" {
  type = map(list(object({
    port  = number
    cidrs = optional(set(string), ["10.0.0.0/8"])
    tls   = optional(bool)
  })))
  default = {
    web = [{ port = "443", tls = "true" }, { port = 80, cidrs = ["b", "a", "b"] }]
    db  = []
  }
}
variable "set_of_objects" {
  type    = set(object({ name = string, n = optional(number, 1) }))
  default = [{ name = "z" }, { name = "a", n = 2 }, { name = "z", n = 1 }]
}
variable "tuple" {
  type    = tuple([string, object({ a = optional(string, "d") })])
  default = [1, {}]
}
variable "any_list" {
  type    = list(any)
  default = [{ a = 1 }, { a = "x" }]
}
variable "explicit_null" {
  type    = object({ a = optional(string, "filled"), b = optional(string) })
  default = { a = null, b = null }
}
variable "map_any" {
  type    = map(any)
  default = { a = ["x"], b = [] }
}
variable "empty" {
  type    = object({})
  default = { dropped = 1 }
}

module "m" {
  source = "./m"
  ports  = ["443", 80]
  flags  = { a = "true", b = false }
  obj    = { name = 5, extra = "x" }
  any    = [1, "two"]
}

resource "terraform_data" "t" {
  input = {
    old_string     = var.old_string
    old_list       = var.old_list
    old_map        = var.old_map
    bare_list      = var.bare_list
    bare_map       = var.bare_map
    nested         = var.nested
    set_of_objects = var.set_of_objects
    tuple          = var.tuple
    any_list       = var.any_list
    explicit_null  = var.explicit_null
    map_any        = var.map_any
    empty          = var.empty
    module         = module.m.all
  }
}

resource "aws_security_group" "s" {
  for_each = var.nested
  name     = each.key
  dynamic "ingress" {
    for_each = each.value
    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = [for c in ingress.value.cidrs : c if length(c) > 1]
      self        = ingress.value.tls
      description = coalesce(ingress.value.tls, false) ? "tls" : "plain"
    }
  }
}
