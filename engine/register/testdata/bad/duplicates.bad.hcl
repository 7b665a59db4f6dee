service "a" {
  targets = ["host/a", "host/a"]
  port "22/tcp" {}
}

service "a" {
  targets = ["host/b"]
  port "22/tcp" {}
}

network "n" {
  cidrs = ["10.0.0.0/8"]
}

network "n" {
  cidrs = ["10.0.0.0/8"]
}

dataset "d" {}

dataset "d" {}

processor "p" {
  country = "DE"
}

processor "p" {
  country = "FR"
}

change "SEC-1" {}

change "SEC-1" {}
