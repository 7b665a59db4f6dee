service "app" {
  targets = ["config/**"]
  log "app" {
    match    = ["/app"]
    category = "security_audit"
    regimes  = ["pci"]
  }
}
