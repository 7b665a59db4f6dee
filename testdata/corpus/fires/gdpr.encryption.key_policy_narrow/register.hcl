service "app" {
  targets      = ["config/**"]
  secret_roles = ["app"]
}
