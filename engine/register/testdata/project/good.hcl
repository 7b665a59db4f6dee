registers = ["register"]
policies  = ["policy"]
gate      = "medium"
params = {
  "log.regimes.own.security_audit.max_days" = 400
  "log.profiles"                            = ["cnil", "pci"]
  "data.assumed_class"                      = "personal"
  "port.ratio"                              = 0.25
  "port.low"                                = -1
  "port.ignore_loopback"                    = true
}
