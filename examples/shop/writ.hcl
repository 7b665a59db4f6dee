# The project file: where the plan is, and how strict the gate.
registers = ["register"]
gate      = "low"
