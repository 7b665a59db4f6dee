service "a" {
  targets = ["host/a"]
  ownr = "x"
}
