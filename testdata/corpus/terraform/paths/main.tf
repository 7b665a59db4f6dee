resource "aws_ssm_parameter" "paths" {
  name  = "/paths"
  type  = "String"
  value = "module=${path.module} root=${path.root}"
}

resource "aws_ssm_parameter" "file" {
  name  = "/file"
  type  = "String"
  value = file("${path.module}/data/note.txt")
}

resource "aws_ssm_parameter" "bare" {
  name  = "/bare"
  type  = "String"
  value = file("data/note.txt")
}

resource "aws_ssm_parameter" "cwd" {
  name  = "/cwd"
  type  = "String"
  value = basename(path.cwd)
}

module "m" {
  source = "./nested/m"
}

resource "terraform_data" "files" {
  input = {
    all      = fileset(path.module, "data/**")
    txt      = fileset("${path.module}/data", "*.txt")
    exists   = fileexists("${path.module}/data/note.txt")
    missing  = fileexists("${path.module}/data/none.txt")
    b64      = filebase64("${path.module}/data/note.txt")
    sha      = filesha256("${path.module}/data/note.txt")
    dirname  = dirname("a/b/c.txt")
    basename = basename("a/b/c.txt")
    child    = module.m.where
  }
}
