variable "services" {
  type = map(object({
    retention = optional(number, 30)
    streams   = optional(set(string), ["app"])
  }))
  default = {
    shop    = { streams = ["app", "audit"] }
    "pay.x" = { retention = 400 }
  }
}

module "service" {
  source    = "./modules/service"
  for_each  = var.services
  name      = each.key
  retention = each.value.retention
  streams   = each.value.streams
}

module "counted" {
  source  = "./modules/service"
  count   = 2
  name    = "counted-${count.index}"
  streams = []
}

resource "aws_cloudwatch_log_group" "index" {
  name              = "index"
  retention_in_days = max([for s in module.service : s.retention]...)
  tags = {
    services = join(",", keys(module.service))
    shop     = module.service["shop"].prefix
    counted  = join(",", module.counted[*].prefix)
    streams  = length(module.service["shop"].groups)
  }
}
