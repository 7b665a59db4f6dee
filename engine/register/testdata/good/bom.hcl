service "a" {
  targets = ["host/a"]
}
