dataset "a" {
  retention = "10 years"
  backup    = 35
}

dataset "b" {
  retention = "P3000Y"
  backup    = "P1D1Y"
}
