params = { "a" = null, c = file("x") }
