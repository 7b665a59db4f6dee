variable "password" {
  type      = string
  default   = "synthetic-secret"
  sensitive = true
}

variable "users" {
  type = map(object({ name = string, token = string }))
  default = {
    app = { name = "app", token = "synthetic-a" }
    etl = { name = "etl", token = "synthetic-b" }
  }
  sensitive = true
}

module "m" {
  source = "./m"
  secret = var.password
}

resource "aws_db_instance" "db" {
  identifier          = "db"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = var.users["app"].name
  password            = var.password
  skip_final_snapshot = true
  publicly_accessible = length(var.password) > 100
  tags                = { hash = sha256(var.password), open = nonsensitive(length(var.password)) }
}

resource "aws_ssm_parameter" "p" {
  for_each = nonsensitive(toset(keys(var.users)))
  name     = "/users/${each.key}"
  type     = each.key == "app" ? "SecureString" : "String"
  value    = var.users[each.key].token
}

resource "aws_sqs_queue" "q" {
  name              = sensitive("hidden")
  kms_master_key_id = module.m.shown
  policy            = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = replace(var.password, "-", ""), Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }] })
}

resource "terraform_data" "t" {
  input = {
    upper    = upper(var.password)
    joined   = join(",", [for k, u in var.users : "${k}:${u.name}"])
    branch   = var.password == "x" ? "a" : "b"
    sens     = issensitive(var.password)
    plain    = issensitive("x")
    template = "user=${var.users["etl"].name}"
    out      = module.m.hidden
    list     = [var.password, "open"]
  }
}

resource "aws_security_group" "sg" {
  name = "sg"
  dynamic "ingress" {
    for_each = nonsensitive([for k, u in var.users : k])
    content {
      from_port   = 1
      to_port     = 2
      protocol    = "tcp"
      description = ingress.value
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
}

output "password" {
  value     = var.password
  sensitive = true
}
