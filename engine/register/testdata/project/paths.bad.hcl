registers = ["register", "../x", "/etc", "register"]
policies  = "policy"
