d = "a.auto"
e = "a.auto"
