service "a" {
  targets = ["host/a"]
  port "5432" {}
  port "5432/tpc" {}
  port "0/tcp" {}
  port "65536/tcp" {}
  port "8010-8000/tcp" {}
  port "080/tcp" {}
  port "any/tcp" {}
  port "1-2-3/tcp" {}
  port "22/tcp" {
    address = "10.0.0.1/8"
  }
  port "23/tcp" {
    address = "lo"
  }
}
