output "where" { value = "${path.module}|${path.root}" }

resource "aws_ssm_parameter" "inner" {
  name  = "/inner"
  type  = "String"
  value = file("${path.module}/own.txt")
}

resource "aws_ssm_parameter" "up" {
  name  = "/up"
  type  = "String"
  value = trimspace(file("${path.module}/../../data/note.txt"))
}

resource "terraform_data" "root" {
  input = jsondecode(file("${path.root}/data/deep/x.json"))
}
