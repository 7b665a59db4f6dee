# METADATA
# scope: package
# title: There is a valid register, and every target with ports is in it
# description: Ports, data and purposes that are written down nowhere can neither be justified nor compared with what runs.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2), 24(1), 30(1), 32(1)
# custom:
#   severity: high
#   subject: run
#   gdpr: ["5(2)", "24(1)", "30(1)", "32(1)"]
#   remediation: Write the register, or add the target to a service of it; draft it from what was found.
#   gate_unknown: true
package gdpr.port.register_valid

not_applicable contains "no target of the run has ports" if {
	count(input.subject.register.covered) == 0
	count(input.subject.register.uncovered) == 0
}

deny contains {
	"msg": "there is no register",
	"key": "missing",
	"expected": "a register",
	"actual": "none",
} if {
	input.subject.register.digest == ""
}

deny contains {
	"msg": sprintf("a part of the register cannot be used: %s", [error]),
	"key": sprintf("error %s", [error]),
	"expected": "a valid register",
	"actual": error,
} if {
	some error in input.subject.register.errors
}

deny contains {
	"msg": sprintf("%s has ports and is in no service of the register", [target]),
	"key": sprintf("uncovered %s", [target]),
	"expected": "a service",
	"actual": "none",
} if {
	input.subject.register.digest != ""
	some target in input.subject.register.uncovered
}
