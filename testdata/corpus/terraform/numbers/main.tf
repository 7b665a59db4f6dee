variable "big" {
  type    = number
  default = 9007199254740993
}

variable "text" {
  type    = number
  default = "1.50"
}

resource "terraform_data" "n" {
  input = {
    big     = var.big
    bigger  = 123456789012345678901234567890
    plus    = var.big + 2
    text    = var.text
    exp     = 1e3
    exp_neg = 25e-4
    exp_big = 1.5e20
    float   = 0.1
    sum     = 0.1 + 0.2
    third   = 1 / 3
    neg     = -5
    negzero = -0
    mod     = [7 % 3, -7 % 3, 7.5 % 2]
    div     = [10 / 4, 10 / 5]
    prec    = 1 + 2 * 3 - 4 / 2
    paren   = (1 + 2) * 3
    round   = [floor(1.9), ceil(1.1), floor(-1.1), abs(-3), signum(-9)]
    pow     = [pow(2, 10), pow(2, 64), pow(4, 0.5), log(8, 2)]
    parse   = [parseint("ff", 16), parseint("-101", 2), parseint("zz", 36)]
    tonum   = [tonumber("12"), tonumber("1e2"), tonumber("-0.5")]
    str     = ["${1000000000000000000000}", tostring(1.0), tostring(0.10), "${1e-7}", "${2.50}"]
    equal   = [1 == 1.0, 0.1 + 0.2 == 0.3, "1" == 1]
    compare = [1 < 1.5, 2 >= 2]
    minmax  = [min(1.5, -2), max(9007199254740993, 9007199254740992)]
    format  = [format("%d", 3), format("%.2f", 2.345), format("%5.1f|", 1), format("%e", 12345.678), format("%x", 255), format("%v", 1.0), format("%03d", 7), format("%s", 12), format("%t", true), format("%q", "a\"b"), format("%#v", { a = [1] }), format("%%")]
    third_s = "${1 / 3}"
    seventh = 22 / 7
  }
}

resource "aws_cloudwatch_log_group" "g" {
  name              = "g"
  retention_in_days = 3.65e2
}

resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name          = "a"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = "2"
  threshold           = 80.50
  metric_name         = "m"
  namespace           = "n"
  period              = 60 * 5
  statistic           = "Average"
}

resource "aws_db_instance" "db" {
  identifier            = "db"
  engine                = "postgres"
  instance_class        = "db.t4g.micro"
  allocated_storage     = 20.0
  max_allocated_storage = 1e2
  iops                  = "3000"
  monitoring_interval   = 60
  username              = "u"
  password              = "synthetic"
  skip_final_snapshot   = true
}
