service "elsewhere" {
  targets = ["config/not-given"]
}
