locals {
  group = aws_cloudwatch_log_group.flow.name
}

resource "aws_cloudwatch_log_group" "flow" {
  name              = "/flow"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.k.arn
}

resource "aws_kms_key" "k" {
  policy = data.aws_iam_policy_document.kms.json
}

data "aws_iam_policy_document" "kms" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["logs.eu-central-1.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values   = ["arn:aws:logs:eu-central-1:111122223333:*"]
    }
  }
}

resource "aws_flow_log" "vpc" {
  vpc_id                   = "vpc-0123456789abcdef0"
  traffic_type             = "REJECT"
  iam_role_arn             = "arn:aws:iam::111122223333:role/flow"
  log_destination          = aws_cloudwatch_log_group.flow.arn
  max_aggregation_interval = 60
}

resource "aws_cloudtrail" "t" {
  name                          = "trail"
  s3_bucket_name                = "trail-logs"
  is_multi_region_trail         = true
  enable_log_file_validation    = true
  include_global_service_events = true
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.flow.arn}:*"
  kms_key_id                    = aws_kms_key.k.arn
  event_selector {
    read_write_type           = "All"
    include_management_events = true
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3:::shop-data/"]
    }
  }
}

resource "aws_cloudwatch_log_resource_policy" "p" {
  policy_name     = "p"
  policy_document = data.aws_iam_policy_document.kms.json
}

resource "aws_cloudwatch_log_subscription_filter" "s" {
  name            = "s"
  log_group_name  = local.group
  filter_pattern  = ""
  destination_arn = "arn:aws:lambda:us-east-1:444455556666:function:ship"
}

resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/f"
  handler       = "index.handler"
  runtime       = "nodejs20.x"
  s3_bucket     = "code"
  s3_key        = "f.zip"
  environment {
    variables = { LOG_LEVEL = "debug", GROUP = local.group, KEY = aws_kms_key.k.arn }
  }
  logging_config {
    log_format = "JSON"
    log_group  = local.group
  }
}

resource "aws_s3_bucket" "trail" {
  bucket = aws_cloudtrail.t.s3_bucket_name
}

resource "aws_kinesis_stream" "s" {
  name             = "s"
  retention_period = 24 * 7
  shard_count      = 1
  encryption_type  = "KMS"
  kms_key_id       = "alias/aws/kinesis"
}

resource "aws_msk_cluster" "m" {
  cluster_name           = "m"
  kafka_version          = "3.5.1"
  number_of_broker_nodes = 2
  broker_node_group_info {
    instance_type   = "kafka.t3.small"
    client_subnets  = ["subnet-0a", "subnet-0b"]
    security_groups = ["sg-0123456789abcdef0"]
  }
  encryption_info {
    encryption_in_transit {
      client_broker = "TLS_PLAINTEXT"
    }
  }
}
