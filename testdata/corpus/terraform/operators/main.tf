variable "text" { default = "5" }
variable "yes" { default = "true" }

resource "terraform_data" "o" {
  input = {
    add       = var.text + 1
    sub       = "7" - var.text
    neg       = -var.text
    not       = !var.yes
    and       = var.yes && true
    or        = "false" || false
    cmp       = var.text > 4
    eq_text   = var.text == 5
    eq_conv   = tonumber(var.text) == 5
    eq_list   = tolist(["a"]) == ["a"]
    eq_tuple  = ["a", 1] == ["a", 1]
    eq_obj    = { a = 1 } == { a = 1, b = 2 }
    eq_null   = null == null
    ne_null   = var.text != null
    eq_bool   = true == "true"
    mul       = "2" * "3.5"
    prec      = 2 + 3 * 4 == 14 && !false || false
    tern      = var.text == "5" ? "yes" : "no"
    tern_num  = tonumber(var.text) >= 5 ? 1 : 0
    chain     = var.text == "1" ? "a" : var.text == "5" ? "b" : "c"
    tern_list = var.yes ? ["a", "b"] : ["c"]
    tern_map  = var.yes ? { a = 1 } : {}
    tern_obj  = var.yes ? { a = 1, b = "x" } : { a = 2, b = "y" }
    tern_null = false ? "x" : null
    paren     = (1 + 2) * (3 - 1)
    spread    = max([1, 2, 3]...)
    unary     = --3
    concat    = "${var.text}${1 + 1}"
  }
}

resource "aws_cloudwatch_log_group" "g" {
  name              = "g"
  retention_in_days = var.text * 6
  skip_destroy      = !var.yes
}

resource "aws_security_group" "s" {
  name = "s"
  ingress {
    from_port   = var.text == 5 ? 22 : 443
    to_port     = var.text == "5" ? 443 : 22
    protocol    = "tcp"
    cidr_blocks = var.yes ? ["10.0.0.0/8"] : ["0.0.0.0/0"]
  }
}
