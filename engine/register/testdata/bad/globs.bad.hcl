service "a" {
  targets = ["/host/a", "host//a", "host/***", "#x", "host/a#", ""]
}

service "b" {
  targets = ["host/b"]
  log "x" {
    match    = ["/var/log/***"]
    category = "audit"
  }
  log "y" {
  }
}
