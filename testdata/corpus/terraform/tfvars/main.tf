variable "a" { default = "default" }
variable "b" { default = "default" }
variable "c" { default = "default" }
variable "d" { default = "default" }
variable "e" { default = "default" }
variable "f" { default = "default" }
variable "g" { default = "default" }
variable "h" { type = number }
variable "i" { type = list(string) }
variable "j" { type = map(number) }
variable "k" { type = bool }

resource "terraform_data" "t" {
  input = { a = var.a, b = var.b, c = var.c, d = var.d, e = var.e, f = var.f, g = var.g, h = var.h, i = var.i, j = var.j, k = var.k }
}

resource "aws_cloudwatch_log_group" "g" {
  name              = "/${var.a}/${var.b}/${var.c}/${var.d}/${var.e}/${var.f}"
  retention_in_days = var.h
  skip_destroy      = var.k
}
