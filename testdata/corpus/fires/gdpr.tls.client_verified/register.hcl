service "web" {
  targets = ["config/**"]
  port "443/tcp" {
    purpose  = "partners send orders"
    sources  = ["0.0.0.0/0"]
    exposure = "internet"
    tls      = "mutual"
  }
}
