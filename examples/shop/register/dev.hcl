# What developers run on their own machines.
network "own-machine" {
  cidrs       = ["127.0.0.0/8", "::1/128"]
  scope       = "loopback"
  environment = "development"
}

service "dev" {
  targets            = ["config/**/compose#**"]
  owner              = "team-shop"
  purpose            = "Try out changes with made-up orders"
  environment        = "development"
  data               = []
  access_reviewed_on = "2026-09-15"

  port "8088/tcp" {
    purpose   = "Pages, for the developer"
    sources   = ["own-machine"]
    exposure  = "loopback"
    activity  = "none"
    review_by = "2027-04-01"
  }

  log "containers" {
    match    = ["services/*/log"]
    category = "debug"
  }
}
