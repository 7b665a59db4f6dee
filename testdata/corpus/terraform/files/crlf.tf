resource "aws_ssm_parameter" "crlf" {
  name  = "/crlf"
  type  = "String"
  value = <<EOT
a
  b
EOT
}

resource "aws_ssm_parameter" "crlf_flush" {
  name  = "/crlf2"
  type  = "String"
  value = <<-EOT
    a
      b
  EOT
}
