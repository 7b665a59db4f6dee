service "orders" {
  targets     = ["host/db1"]
  owner       = "team-orders"
  purpose     = "order storage"
  environment = "production"
  data        = ["user.contact"]
  log "**" {
    category = "application"
  }
}
