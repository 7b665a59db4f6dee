f = "named_file"
g = "named_file"
