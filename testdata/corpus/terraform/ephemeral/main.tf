variable "token" {
  type      = string
  default   = "synthetic-token"
  ephemeral = true
}

variable "password" {
  type      = string
  default   = "synthetic-pass"
  ephemeral = true
  sensitive = true
}

locals {
  derived = "x-${var.token}"
}

resource "aws_db_instance" "db" {
  identifier          = "db"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "app"
  password_wo         = var.password
  password_wo_version = 1
  skip_final_snapshot = true
}

resource "aws_ssm_parameter" "p" {
  name             = "/p"
  type             = "SecureString"
  value_wo         = local.derived
  value_wo_version = 2
}

resource "aws_secretsmanager_secret_version" "v" {
  secret_id                = "synthetic"
  secret_string_wo         = jsonencode({ t = var.token })
  secret_string_wo_version = 1
}

module "m" {
  source = "./m"
  token  = var.token
}
