resource "aws_db_instance" "app" {
  identifier                      = "app"
  engine                          = "postgres"
  engine_version                  = "16.4"
  instance_class                  = "db.t4g.small"
  parameter_group_name            = aws_db_parameter_group.app.name
  enabled_cloudwatch_logs_exports = ["postgresql"]
}

resource "aws_db_parameter_group" "app" {
  family = "postgres16"
  parameter {
    name  = "log_statement"
    value = "all"
  }
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/aws/rds/instance/app/postgresql"
  retention_in_days = 400
}
