registers = ["register.hcl"]
