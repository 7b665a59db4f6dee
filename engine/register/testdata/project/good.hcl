registers = ["register"]
policies  = ["policy"]
gate      = "medium"
pinned    = "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
params = {
  "log.regimes.own.security_audit.max_days" = 400
  "log.profiles"                            = ["cnil", "pci"]
  "data.assumed_class"                      = "personal"
  "port.ratio"                              = 0.25
  "port.low"                                = -1
  "port.ignore_loopback"                    = true
}
