# The documented plan of the shop. Synthetic.
controller "Example Shop GmbH" {
  contact = "dpo@shop.example"
}

network "vpc" {
  cidrs = ["10.0.0.0/16"]
  scope = "internal"
}

network "office" {
  cidrs = ["192.0.2.0/28"]
  scope = "internal"
  admin = true
}

service "shop" {
  targets     = ["config/examples/shop/infra", "config/infra", "config/."]
  owner       = "team-shop"
  purpose     = "Sells goods and keeps the orders"
  environment = "production"
  data        = ["user.contact", "user.financial"]

  log "application" {
    match    = ["/shop-*"]
    category = "application"
    owner    = "team-shop"
  }
}
