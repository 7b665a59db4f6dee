service "db" {
  targets = ["host/db1"]
  owner   = "team-orders"
  port "2375/tcp" {
    purpose  = "SQL from the app tier"
    exposure = "internal"
  }
}
network "bastion" {
  cidrs = ["10.0.9.0/28"]
  admin = true
}
