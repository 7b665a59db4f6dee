# The databases of the shop, and a cache for sessions.
variable "name" { type = string }
variable "vpc_id" { type = string }
variable "subnet_ids" { type = map(list(string)) } # public and private
variable "service_cidrs" { type = list(string) }
variable "key_arn" { type = string }
variable "log_key_arn" { type = string }
variable "password" {
  type      = string
  sensitive = true
}

locals {
  databases = {
    orders = {
      class   = "db.t4g.medium"
      subnets = "private"
      sources = concat(var.service_cidrs, [
        "10.30.0.0/16", # Planted: staging reads production data.
      ])
      ticket      = "port/database-5432-tcp"
      public      = false
      encrypted   = true
      force_ssl   = 1
      backup_days = 14
    }
    reports = {
      class       = "db.t4g.small"
      subnets     = "public"
      sources     = ["0.0.0.0/0"] # Planted: the whole internet may try passwords.
      ticket      = "OPS-204: the report tool has changing addresses"
      public      = true
      encrypted   = false # Planted: its disk is readable to whoever gets hold of it.
      force_ssl   = 0     # Planted: who does not ask for encryption gets none.
      backup_days = 0
    }
  }
}

resource "aws_db_subnet_group" "this" {
  for_each   = var.subnet_ids
  name       = "${var.name}-${each.key}"
  subnet_ids = each.value
}

resource "aws_security_group" "database" {
  for_each    = local.databases
  name        = "${var.name}-${each.key}-database"
  description = "PostgreSQL of ${each.key}"
  vpc_id      = var.vpc_id

  dynamic "ingress" {
    for_each = each.value.sources
    content {
      description = each.value.ticket
      from_port   = 5432
      to_port     = 5432
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}

resource "aws_db_parameter_group" "this" {
  for_each = local.databases
  name     = "${var.name}-${each.key}"
  family   = "postgres16"

  dynamic "parameter" {
    for_each = { "rds.force_ssl" = each.value.force_ssl, log_connections = 1, log_statement = "ddl" }
    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}

resource "aws_db_instance" "this" {
  for_each = local.databases

  identifier              = "${var.name}-${each.key}"
  engine                  = "postgres"
  engine_version          = "16.4"
  instance_class          = each.value.class
  allocated_storage       = 100
  username                = each.key
  password                = var.password
  db_subnet_group_name    = aws_db_subnet_group.this[each.value.subnets].name
  vpc_security_group_ids  = [aws_security_group.database[each.key].id]
  publicly_accessible     = each.value.public
  parameter_group_name    = aws_db_parameter_group.this[each.key].name
  storage_encrypted       = each.value.encrypted
  kms_key_id              = each.value.encrypted ? var.key_arn : null
  backup_retention_period = each.value.backup_days
  deletion_protection     = true

  enabled_cloudwatch_logs_exports = ["postgresql"]
  depends_on                      = [aws_cloudwatch_log_group.database]
}

resource "aws_cloudwatch_log_group" "database" {
  for_each          = local.databases
  name              = "/aws/rds/instance/${var.name}-${each.key}/postgresql"
  retention_in_days = 30
  kms_key_id        = var.log_key_arn
}

resource "aws_elasticache_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids.private
}

resource "aws_security_group" "sessions" {
  name        = "${var.name}-sessions"
  description = "Redis"
  vpc_id      = var.vpc_id

  # Planted: no entry, no ticket: who knows why this is open?
  ingress {
    from_port   = 6379
    to_port     = 6379
    protocol    = "tcp"
    cidr_blocks = var.service_cidrs
  }
}

resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "${var.name}-sessions"
  description                = "Sessions"
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [aws_security_group.sessions.id]
  at_rest_encryption_enabled = true
  kms_key_id                 = var.key_arn
  transit_encryption_enabled = false # Planted: session tokens cross the network in plain text.
}

output "orders_arn" { value = aws_db_instance.this["orders"].arn }
