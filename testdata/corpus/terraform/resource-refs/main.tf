resource "aws_s3_bucket" "b" {
  bucket = "refs"
  tags   = { team = "shop", n = 5 }
}

resource "aws_security_group" "s" {
  name = "s"
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_db_instance" "db" {
  identifier          = "db"
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = "20"
  username            = "u"
  password            = "synthetic"
  skip_final_snapshot = true
}

resource "terraform_data" "r" {
  input = {
    name      = aws_s3_bucket.b.bucket
    tag       = aws_s3_bucket.b.tags["team"]
    tag_n     = aws_s3_bucket.b.tags.n
    default   = aws_s3_bucket.b.force_destroy
    computed  = aws_s3_bucket.b.arn
    unset     = aws_s3_bucket.b.bucket_prefix
    converted = aws_db_instance.db.allocated_storage
    port      = aws_db_instance.db.port
    multi     = aws_db_instance.db.multi_az
    block     = [for i in aws_security_group.s.ingress : i.from_port]
    desc      = aws_security_group.s.description
    nested    = tolist(aws_security_group.s.ingress)[0].cidr_blocks
    self_type = length(aws_security_group.s.ingress)
    input     = terraform_data.plain.input
    output    = terraform_data.plain.output
    whole     = aws_kms_alias.a
  }
}

resource "terraform_data" "plain" {
  input = { a = 1 }
}

resource "aws_kms_alias" "a" {
  name          = "alias/a"
  target_key_id = "00000000-0000-0000-0000-000000000000"
}

resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "${aws_s3_bucket.b.arn}/*" }] })
}

resource "aws_cloudwatch_log_group" "g" {
  name              = "/rds/${aws_db_instance.db.identifier}/${aws_db_instance.db.engine}"
  retention_in_days = aws_db_instance.db.allocated_storage / 20 * 30
}
