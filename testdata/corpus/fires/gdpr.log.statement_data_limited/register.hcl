service "app" {
  targets = ["config/**"]
  log "statements" {
    match    = ["/aws/rds/**"]
    category = "db_statement"
  }
}
