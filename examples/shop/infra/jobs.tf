# Nightly jobs run in a network of their own; administrators reach it from the office.
resource "aws_security_group" "jobs" {
  name        = "${local.name}-jobs"
  description = "Job runner"
  vpc_id      = module.network["jobs"].vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "jobs_ssh" {
  for_each          = toset(var.office_cidrs)
  security_group_id = aws_security_group.jobs.id
  description       = "port/jobs-22-tcp"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}

# Planted: the contractor left in summer, the way in stayed.
resource "aws_vpc_security_group_ingress_rule" "jobs_contractor" {
  security_group_id = aws_security_group.jobs.id
  description       = "OPS-118: contractor, temporary until 2026-08-31"
  cidr_ipv4         = "10.41.7.0/24"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}

resource "aws_instance" "jobs" {
  ami                         = "ami-00000000000000001"
  instance_type               = "t4g.small"
  subnet_id                   = module.network["jobs"].private_subnet_ids[0]
  vpc_security_group_ids      = [aws_security_group.jobs.id]
  associate_public_ip_address = false
  iam_instance_profile        = aws_iam_instance_profile.jobs.name

  root_block_device {
    encrypted  = true
    kms_key_id = aws_kms_key.data.arn
  }
  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_iam_instance_profile" "jobs" {
  name = "${local.name}-jobs"
  role = aws_iam_role.jobs.name
}

resource "aws_iam_role" "jobs" {
  name               = "${local.name}-jobs"
  assume_role_policy = data.aws_iam_policy_document.jobs_assume.json
}

data "aws_iam_policy_document" "jobs_assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "jobs" {
  role   = aws_iam_role.jobs.id
  policy = data.aws_iam_policy_document.jobs.json
}

# Planted: a nightly job may read and delete everything.
data "aws_iam_policy_document" "jobs" {
  statement {
    sid       = "Storage"
    actions   = ["s3:*"]
    resources = ["*"]
  }
}

# Planted: a backup for a year outlives what customers asked to be erased.
resource "aws_backup_plan" "orders" {
  name = local.name

  rule {
    rule_name         = "monthly"
    target_vault_name = aws_backup_vault.main.name
    schedule          = "cron(0 3 1 * ? *)"
    lifecycle {
      delete_after = 365
    }
  }
}

resource "aws_backup_vault" "main" {
  name        = local.name
  kms_key_arn = aws_kms_key.data.arn
}

resource "aws_backup_selection" "orders" {
  name         = "orders"
  plan_id      = aws_backup_plan.orders.id
  iam_role_arn = "arn:aws:iam::${var.account_id}:role/backup"
  resources    = [module.database.orders_arn]
}
