resource "aws_db_instance" "app" {
  engine                  = "postgres"
  engine_version          = "16.4"
  instance_class          = "db.t4g.small"
  backup_retention_period = 7
  storage_encrypted       = false
}
