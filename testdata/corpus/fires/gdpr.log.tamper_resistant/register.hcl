service "app" {
  targets = ["config/**"]
  log "app" {
    match    = ["**"]
    category = "security_audit"
  }
}
