allow "*" {
  files      = ["testdata/**"]
  reason     = "tests"
  owner      = "team-shop"
  expires_on = "2027-06-30"
}
allow "private_key" {
  files      = ["**", "a/***"]
  reason     = ""
  owner      = "team-shop"
  expires_on = "soon"
}
allow "private_key" {
  files = []
  until = "2027-06-30"
}
