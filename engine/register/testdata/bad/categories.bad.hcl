service "a" {
  targets = ["host/a"]
  data    = ["user.contact", "contact", "user.paymnt", "user.contact", "", "user.social"]
}
