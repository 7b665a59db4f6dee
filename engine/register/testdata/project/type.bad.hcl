gate   = 3
params = ["x"]
params { }
