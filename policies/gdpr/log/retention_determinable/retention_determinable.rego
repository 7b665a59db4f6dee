# METADATA
# scope: package
# title: How long a log store keeps its records can be told
# description: A store whose records no mechanism removes at a known age has no retention period, so none can be promised or kept.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e), 30(1)(f)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)", "30(1)(f)"]
#   remediation: Declare a retention for the store, or correct the configuration that sets it.
#   gate_unknown: true
package gdpr.log.retention_determinable

not_applicable contains "holds no personal data" if input.subject.personal == false

# An age that could not be read is a gap, and leaves this undecided.
deny contains {
	"msg": "nothing that was read says how long records are kept",
	"expected": "a retention period",
	"actual": input.subject.declared.bound,
} if {
	input.subject.declared.bound == "unknown"
	input.subject.declared.max_days >= 0
}
