name = "tfvars of a child are not read"
