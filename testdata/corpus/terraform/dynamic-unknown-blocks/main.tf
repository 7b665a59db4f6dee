resource "terraform_data" "later" {
  input = ["a"]
}

resource "aws_cloudtrail" "list" {
  name           = "trail"
  s3_bucket_name = "trail"
  dynamic "event_selector" {
    for_each = terraform_data.later.output
    content {
      read_write_type           = "All"
      include_management_events = true
    }
  }
}

resource "aws_lb" "single" {
  name    = "lb"
  subnets = ["subnet-0a", "subnet-0b"]
  dynamic "access_logs" {
    for_each = toset(terraform_data.later.output)
    content {
      bucket  = "logs"
      enabled = true
    }
  }
}

resource "aws_network_acl" "set" {
  vpc_id = "vpc-0123456789abcdef0"
  ingress {
    rule_no    = 1
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }
  dynamic "ingress" {
    for_each = terraform_data.later.output
    content {
      rule_no    = 2
      action     = "deny"
      protocol   = "tcp"
      from_port  = 1
      to_port    = 2
      cidr_block = "10.0.0.0/8"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "framework" {
  bucket = "b"
  rule {
    id     = "static"
    status = "Enabled"
    filter {}
    expiration { days = 3 }
  }
  dynamic "rule" {
    for_each = terraform_data.later.output
    content {
      id     = rule.value
      status = "Enabled"
      filter {}
      expiration { days = 30 }
    }
  }
}

resource "aws_backup_plan" "nested" {
  name = "plan"
  rule {
    rule_name         = "daily"
    target_vault_name = "vault"
    dynamic "lifecycle" {
      for_each = terraform_data.later.output
      content {
        delete_after = 365
      }
    }
  }
  dynamic "rule" {
    for_each = terraform_data.later.output
    content {
      rule_name         = "weekly"
      target_vault_name = rule.value
    }
  }
}

resource "aws_elasticache_replication_group" "block" {
  replication_group_id = "r"
  description          = "d"
  dynamic "log_delivery_configuration" {
    for_each = terraform_data.later.output
    content {
      destination      = "x"
      destination_type = "cloudwatch-logs"
      log_format       = "json"
      log_type         = "slow-log"
    }
  }
}

resource "aws_kinesis_firehose_delivery_stream" "all_unknown_but_one" {
  name        = "f"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn   = terraform_data.later.id
    bucket_arn = terraform_data.later.id
    cloudwatch_logging_options {
      log_group_name = terraform_data.later.id
    }
  }
}
