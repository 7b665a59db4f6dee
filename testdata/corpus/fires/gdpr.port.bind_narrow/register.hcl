service "db" {
  targets = ["host/db1"]
  owner   = "team-orders"
  port "5432/tcp" {
    purpose  = "SQL from the app tier"
    exposure = "internal"
  }
}
