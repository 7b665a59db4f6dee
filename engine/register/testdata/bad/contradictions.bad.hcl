network "partner" {
  cidrs = ["203.0.113.0/24"]
  scope = "partner"
}

service "a" {
  targets = ["host/a"]
  port "80/tcp" {
    tls = "none"
  }
  port "81/tcp" {
    exposure = "internal"
    sources  = ["0.0.0.0/0"]
  }
  port "82/tcp" {
    exposure = "internal"
    sources  = ["partner"]
  }
  port "83/tcp" {
    tls    = "none"
    reason = "only redirects to HTTPS"
  }
}
