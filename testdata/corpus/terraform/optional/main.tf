variable "db" {
  type = object({
    name     = string
    engine   = optional(string, "postgres")
    size     = optional(number)
    backup   = optional(object({ days = optional(number, 7), window = optional(string, "03:00-04:00") }), {})
    replicas = optional(map(object({ class = optional(string, "db.t4g.micro"), public = optional(bool, false) })), { a = {} })
    tags     = optional(map(string), { team = "shop" })
    ports    = optional(list(number), [5432])
  })
  default = {
    name     = "orders"
    backup   = { days = 35 }
    replicas = { one = {}, two = { class = "db.t4g.small", public = "true" } }
    ignored  = "dropped by the type"
  }
}

variable "not_null" {
  type     = string
  default  = "fallback"
  nullable = false
}

variable "maybe" {
  type    = string
  default = "default"
}

module "called_with_null" {
  source   = "./m"
  strict   = null
  loose    = null
  settings = { retention = null }
}

resource "aws_db_instance" "main" {
  identifier              = var.db.name
  engine                  = var.db.engine
  instance_class          = "db.t4g.micro"
  allocated_storage       = coalesce(var.db.size, 20)
  backup_retention_period = var.db.backup.days
  backup_window           = var.db.backup.window
  port                    = var.db.ports[0]
  username                = "app"
  password                = "synthetic-1"
  storage_encrypted       = true
  skip_final_snapshot     = true
  tags                    = var.db.tags
}

resource "aws_db_instance" "replica" {
  for_each            = var.db.replicas
  identifier          = "${var.db.name}-${each.key}"
  replicate_source_db = "orders"
  instance_class      = each.value.class
  publicly_accessible = each.value.public
  skip_final_snapshot = true
}

resource "terraform_data" "whole" {
  input = { db = var.db, not_null = var.not_null, maybe = var.maybe, extra = can(var.db.ignored) }
}
