service {
  targets = ["host/a"]
}

service "a" "b" {
  targets = ["host/a"]
}

service "a/b" {
  targets = ["host/a"]
}

network "" {
  cidrs = ["10.0.0.0/8"]
}
