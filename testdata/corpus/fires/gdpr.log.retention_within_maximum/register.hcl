service "app" {
  targets = ["config/**"]
  owner   = "team-app"
  log "trail" {
    match    = ["**"]
    category = "security_audit"
  }
}
