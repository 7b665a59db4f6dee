resource "aws_db_instance" "app" {
  engine               = "postgres"
  engine_version       = "16.4"
  instance_class       = "db.t4g.small"
  parameter_group_name = aws_db_parameter_group.app.name
}

resource "aws_db_parameter_group" "app" {
  family = "postgres16"
  parameter {
    name  = "log_connections"
    value = "0"
  }
}
