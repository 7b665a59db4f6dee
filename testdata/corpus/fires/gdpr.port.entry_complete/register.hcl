service "app" {
  targets = ["config/**"]
  port "443/tcp" {
    purpose = "todo"
  }
}
