network "a" {
  cidrs = ["10.0.2.5/24", "10.0.0.0/33", "ten", "::ffff:10.0.0.0/104", "10.0.0.0/8", "10.0.0.0/8"]
}

network "b" {
  cidrs = []
}

network "c" {
  scope = "internal"
}

network "d" {
  cidrs = ["10.1.2.3", "10.1.2.3/32"]
  scope = "intern"
}
