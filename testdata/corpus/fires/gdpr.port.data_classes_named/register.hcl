service "app" {
  targets = ["config/**"]
  data    = ["user.financial"]

  port "5432/tcp" {
    purpose  = "SQL for the services"
    sources  = ["10.0.0.0/16"]
    exposure = "internal"
    data     = ["user.contact"]
    activity = "ROPA-01"
  }
}

dataset "accounts" {
  store = "app"
}
