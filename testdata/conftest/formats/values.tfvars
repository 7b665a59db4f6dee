name = "x"
ports = [80, 443]
last = f(g(1))