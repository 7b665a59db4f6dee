variable "encrypt" {
  type    = bool
  default = true
}

variable "env" {
  default = "prod"
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_kms_key" "k" {
  count               = var.encrypt ? 1 : 0
  enable_key_rotation = var.env == "prod" && !(var.env == "dev") || false
}

resource "aws_cloudwatch_log_group" "g" {
  name              = "g"
  kms_key_id        = var.encrypt ? aws_kms_key.k[0].arn : null
  retention_in_days = var.env == "prod" ? 400 : var.env == "stage" ? 30 : 1
}

resource "aws_cloudwatch_log_group" "unknown" {
  name              = "u"
  retention_in_days = terraform_data.later.id == "x" ? 30 : 90
  skip_destroy      = terraform_data.later.output == "x" ? true : false
}

resource "aws_cloudwatch_log_group" "same" {
  name              = terraform_data.later.id == "x" ? "same" : "same"
  retention_in_days = terraform_data.later.id != "" ? 30 : 30
}

resource "aws_db_instance" "db" {
  identifier              = "db"
  engine                  = "postgres"
  instance_class          = var.env != "prod" ? "db.t4g.micro" : "db.m6g.large"
  allocated_storage       = var.env == "prod" ? 100 : "20"
  storage_encrypted       = var.encrypt
  kms_key_id              = try(aws_kms_key.k[0].arn, null)
  publicly_accessible     = !var.encrypt
  backup_retention_period = max(1, var.env == "prod" ? 35 : 0)
  username                = "u"
  password                = "synthetic"
  multi_az                = contains(["prod", "stage"], var.env)
  skip_final_snapshot     = true
}

resource "terraform_data" "t" {
  input = {
    mixed   = var.encrypt ? "1" : 2
    number  = var.encrypt ? 1 : "2"
    list    = var.encrypt ? ["a"] : []
    tuple   = var.encrypt ? ["a", 1] : ["b", 2]
    object  = var.encrypt ? { a = 1 } : { a = 2 }
    null    = var.encrypt ? null : "x"
    cmp     = [1 < 2, 2 <= 2, 3 > 4, 3 >= 4, 1 == 1.0, "1" == 1, "a" != "b", [1] == [1], { a = 1 } == { a = 1 }]
    and_unk = terraform_data.later.id == "x" && false
    or_unk  = terraform_data.later.id == "x" || true
    ids     = [terraform_data.later.id == null, terraform_data.later.id != null]
    length  = length([terraform_data.later.id, "y"])
  }
}
