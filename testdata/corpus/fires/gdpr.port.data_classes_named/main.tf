resource "aws_db_instance" "app" {
  engine         = "postgres"
  engine_version = "16.4"
  instance_class = "db.t4g.small"
}
