service "a" {
  owner = "ÿ"
}
