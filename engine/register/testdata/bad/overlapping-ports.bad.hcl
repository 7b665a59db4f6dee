service "a" {
  targets = ["host/a"]
  port "8000-8010/tcp" {}
  port "8005/tcp" {}
  port "8005/udp" {}
  port "22/tcp" {
    address = "10.0.0.1"
  }
  port "22/tcp" {
    address = "10.0.0.2"
  }
  port "22/tcp" {
    address = "10.0.0.0/8"
  }
  port "53/udp" {}
  port "53/udp" {}
}
