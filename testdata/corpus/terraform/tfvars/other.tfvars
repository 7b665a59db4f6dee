e = "not read"
