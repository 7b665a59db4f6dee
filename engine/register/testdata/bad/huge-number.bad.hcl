service "a" {
  targets = ["host/a"]
  owner   = 1e999999999
}
