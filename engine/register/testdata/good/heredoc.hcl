service "a" {
  targets = ["host/a"]
  purpose = <<-TEXT
    Serves the shop.
    Second line.
  TEXT
  data = []
}
