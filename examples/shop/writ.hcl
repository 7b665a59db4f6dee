# The project file: where the plan is, how strict the gate, what is decided for
# the whole organisation.
registers = ["register"]
gate      = "low"
params = {
  "firewall.egress_allowed" = ["10.20.0.0/16"] # the network itself
}
