resource "aws_kms_key" "k" {
  enable_key_rotation = true
}

resource "aws_db_parameter_group" "pg" {
  name   = "pg"
  family = "postgres16"
  parameter {
    name  = "rds.force_ssl"
    value = 1
  }
  parameter {
    name         = "log_connections"
    value        = "1"
    apply_method = "pending-reboot"
  }
}

resource "aws_db_instance" "pg" {
  identifier                      = "orders-db"
  engine                          = "postgres"
  engine_version                  = "16.3"
  instance_class                  = "db.t4g.micro"
  allocated_storage               = 50
  storage_type                    = "gp3"
  storage_encrypted               = true
  kms_key_id                      = aws_kms_key.k.arn
  parameter_group_name            = aws_db_parameter_group.pg.name
  publicly_accessible             = false
  backup_retention_period         = 35
  backup_window                   = "03:00-04:00"
  maintenance_window              = "Sun:05:00-Sun:06:00"
  deletion_protection             = true
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
  vpc_security_group_ids          = ["sg-0123456789abcdef0", aws_security_group.db.id]
  username                        = "app"
  manage_master_user_password     = true
  final_snapshot_identifier       = "final"
  copy_tags_to_snapshot           = true
  performance_insights_enabled    = true
  ca_cert_identifier              = "rds-ca-rsa2048-g1"
}

resource "aws_security_group" "db" {
  name = "db"
}

resource "aws_rds_cluster" "aurora" {
  cluster_identifier                  = "aurora"
  engine                              = "aurora-postgresql"
  master_username                     = "app"
  master_password                     = "synthetic-pass"
  storage_encrypted                   = true
  backup_retention_period             = 1
  skip_final_snapshot                 = true
  iam_database_authentication_enabled = true
  serverlessv2_scaling_configuration {
    min_capacity = 0.5
    max_capacity = 4
  }
}

resource "aws_dynamodb_table" "t" {
  name           = "sessions"
  billing_mode   = "PROVISIONED"
  read_capacity  = 5
  write_capacity = 5
  hash_key       = "id"
  attribute {
    name = "id"
    type = "S"
  }
  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.k.arn
  }
}

resource "aws_elasticache_replication_group" "redis" {
  replication_group_id       = "Redis"
  description                = "sessions"
  engine                     = "redis"
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = 2
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  auth_token                 = "synthetic-token-0123456789"
  log_delivery_configuration {
    destination      = "redis-slow"
    destination_type = "cloudwatch-logs"
    log_format       = "json"
    log_type         = "slow-log"
  }
}

resource "aws_opensearch_domain" "os" {
  domain_name    = "search"
  engine_version = "OpenSearch_2.11"
  encrypt_at_rest { enabled = true }
  node_to_node_encryption { enabled = true }
  domain_endpoint_options {
    enforce_https       = true
    tls_security_policy = "Policy-Min-TLS-1-2-PFS-2023-10"
  }
  ebs_options {
    ebs_enabled = true
    volume_size = 10
  }
  access_policies = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "es:*", Resource = "*" }] })
  log_publishing_options {
    cloudwatch_log_group_arn = "arn:aws:logs:eu-central-1:111122223333:log-group:os"
    log_type                 = "AUDIT_LOGS"
  }
}

resource "aws_efs_file_system" "fs" {
  creation_token = "fs"
  encrypted      = true
  kms_key_id     = aws_kms_key.k.arn
  lifecycle_policy { transition_to_ia = "AFTER_30_DAYS" }
}

resource "aws_efs_file_system_policy" "p" {
  file_system_id = aws_efs_file_system.fs.id
  policy         = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = { AWS = "*" }, Action = "*", Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}

resource "aws_redshift_cluster" "r" {
  cluster_identifier  = "r"
  node_type           = "ra3.large"
  master_username     = "admin"
  master_password     = "Synthetic1"
  publicly_accessible = true
  encrypted           = "true"
  skip_final_snapshot = true
}
