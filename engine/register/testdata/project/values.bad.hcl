gate   = "none of them"
gates  = "low"
pinned = "00112233"
params = { "a..b" = 1, "d" = 1, "d.e" = 2 }
