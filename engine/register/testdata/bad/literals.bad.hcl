service "a" {
  targets = ["host/${name}"]
  owner   = team
  purpose = upper("x")
  data    = concat(["user.name"], [])
}

service "b" {
  targets = [for x in ["a"] : x]
  owner   = "a" == "b" ? "x" : "y"
  purpose = local.purpose
}

dataset "c" {
  retention = "P${1}D"
  purpose   = { a = "b", a = "c" }
}
