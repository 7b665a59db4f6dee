network "app-tier" {
  cidrs = ["10.0.2.0/24"]
}

service "orders-db" {
  targets    = ["host/db1"]
  processors = ["maler"]
  port "5432/tcp" {
    sources = ["app-teir", "10.0.0.0/99", "10.0.2.1/24"]
  }
}

dataset "orders" {
  store = "order-db"
  transfer "US" {
    processors = ["nobody"]
  }
  transfer "usa" {}
}

dataset "places" {
  store = ["config/infra#", "#x", ""]
}

processor "mailer" {
  country = "DE"
}
