locals {
  port  = 8080
  lines = ["one", "two"]
}

resource "aws_instance" "i" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"
  user_data     = <<-EOT
    #!/bin/bash
      echo "indented ${local.port}"
    cat > /etc/app.conf <<CONF
    port = ${local.port + 1}
    CONF
    %{for l in local.lines~}
    line ${l}
    %{endfor~}
    done $${literal} %%{literal}
  EOT
}

resource "aws_ssm_parameter" "plain" {
  name  = "/plain"
  type  = "String"
  value = <<EOT
  kept indent
	tab	"quotes" \n stays
${local.port}
EOT
}

resource "aws_ssm_parameter" "flush" {
  name = "/flush"
  type = "String"
  value = trimspace(<<-E
	a
	  b

	c
	E
  )
}

resource "aws_sns_topic" "t" {
  name   = "t"
  policy = <<POLICY
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sns:Publish", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "${111122223333}"}}}]
}
POLICY
}

resource "terraform_data" "list" {
  input = [<<-A
    first
  A
    , <<-B
      second ${
    upper("x")
  }
    B
]
}
