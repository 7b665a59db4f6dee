service "a" {
  targets            = ["host/a"]
  access_reviewed_on = "2026-13-01"
  port "22/tcp" {
    review_by = "1.4.2027"
  }
}

processor "p" {
  country     = "Germany"
  valid_to    = 20270401
  assessed_on = "2026-11-22T00:00:00Z"
}
