service "a" {
  targets = ["host/db*"]
  port "5432/tcp" {}
}

service "b" {
  targets = ["host/*1"]
  port "5000-6000/tcp" {}
}

service "c" {
  targets = ["host/web1"]
  port "5432/udp" {}
}

service "d" {
  targets = ["config/infra#aws_db_instance.d"]
  port "5432/tcp" {}
}

service "e" {
  targets = ["config/infra#aws_db_instance.e"]
  port "5432/tcp" {}
}

service "f" {
  targets = ["config/**"]
  port "5432/tcp" {}
}
