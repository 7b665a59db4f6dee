variable "host" {
  default = "192.0.2.5"
}

resource "terraform_data" "p" {
  input            = var.host
  triggers_replace = [var.host, 1]

  connection {
    type     = "ssh"
    host     = self.input
    user     = "root"
    password = "synthetic"
  }

  provisioner "local-exec" {
    command     = "echo ${self.id} > /dev/null"
    environment = { HOST = var.host }
  }

  provisioner "remote-exec" {
    when       = destroy
    on_failure = continue
    inline     = ["systemctl stop app"]
    connection {
      host = self.input
    }
  }
}

resource "aws_instance" "i" {
  ami           = "ami-0abcdef1234567890"
  instance_type = "t3.micro"
  provisioner "file" {
    source      = "main.tf"
    destination = "/tmp/${self.ami}"
    connection {
      host = self.private_ip
    }
  }
  timeouts {
    create = "10m"
  }
}
