variable "subnets" { type = list(string) }
variable "cidrs" { type = list(string) }
variable "sources" { type = set(string) }
variable "kms" { type = object({ arn = string, enable_key_rotation = bool }) }
variable "settings" { type = map(string) }

resource "aws_db_subnet_group" "g" {
  name       = "db"
  subnet_ids = var.subnets
}

resource "aws_security_group" "db" {
  name = "db"
  ingress {
    from_port   = aws_db_instance.db.port
    to_port     = aws_db_instance.db.port
    protocol    = "tcp"
    cidr_blocks = var.sources
  }
}

resource "aws_db_instance" "db" {
  identifier           = var.settings.name
  engine               = "postgres"
  port                 = 5432
  instance_class       = "db.t4g.micro"
  allocated_storage    = 20
  db_subnet_group_name = aws_db_subnet_group.g.name
  storage_encrypted    = var.kms.enable_key_rotation
  kms_key_id           = var.kms.arn
  publicly_accessible  = var.settings["public"]
  username             = "u"
  password             = "synthetic"
  skip_final_snapshot  = true
}

output "endpoint" { value = aws_db_instance.db.endpoint }
output "group_id" { value = aws_security_group.db.id }
output "port" { value = aws_db_instance.db.port }
