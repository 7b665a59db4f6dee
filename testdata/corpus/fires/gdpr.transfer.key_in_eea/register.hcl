service "app" {
  targets    = ["config/**"]
  processors = ["host"]
}

processor "host" {
  country            = "US"
  relies_on_encryption = true
}
