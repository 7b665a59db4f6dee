gate   = "none of them"
gates  = "low"
params = { "a..b" = 1, "d" = 1, "d.e" = 2 }
