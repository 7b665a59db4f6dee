registers = ["register.hcl"]
params    = { "log.regimes.own.security_audit.max_days" = 90 }
