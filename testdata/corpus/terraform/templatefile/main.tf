locals {
  upstreams = [
    { name = "app", port = 8080, hosts = ["10.0.1.4", "10.0.1.5"] },
    { name = "pay", port = 8443, hosts = [] },
  ]
}

resource "aws_ssm_parameter" "nginx" {
  name  = "/nginx"
  type  = "String"
  value = templatefile("${path.module}/templates/nginx.conf.tftpl", { upstreams = local.upstreams, tls = true, name = "shop.example.org" })
}

resource "aws_iam_role" "r" {
  name               = "role"
  assume_role_policy = templatefile("templates/trust.json", { services = ["ec2", "lambda"], partition = "aws" })
}

resource "aws_instance" "web" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"
  user_data = templatefile("${path.module}/templates/boot.sh.tftpl", {
    env   = { B = "two", A = "one $HOME" }
    debug = false
    users = toset(["zoe", "ada"])
  })
  metadata_options {
    http_tokens = "required"
  }
  root_block_device {
    encrypted = true
  }
}

resource "aws_ssm_parameter" "inline" {
  name  = "/inline"
  type  = "String"
  value = templatestring(local.inline, { who = "world", n = 3 })
}

locals {
  inline = "hello $${who}, %%{ if n > 2 }many%%{ else }few%%{ endif }"
}

resource "aws_ssm_parameter" "unknown" {
  name  = "/unknown"
  type  = "String"
  value = templatefile("${path.module}/templates/one.tftpl", { arn = aws_iam_role.r.arn })
}
