servce "a" {
  targets = ["host/a"]
}

service "b" {
  targets = ["host/b"]
  prt "22/tcp" {}
}
