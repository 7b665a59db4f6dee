service "b" {
  targets = ["host/c"]
  owner   = "x"
  owner   = "y"
}
