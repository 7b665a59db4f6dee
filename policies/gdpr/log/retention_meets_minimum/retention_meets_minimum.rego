# METADATA
# scope: package
# title: Audit records are kept as long as the regimes in force demand
# description: Who cannot look back far enough can neither find out what a breach touched nor show what was done about it.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2), 32(1)(d), 33(3)
# custom:
#   severity: high
#   subject: log.store
#   facts: [log.store]
#   gdpr: ["5(2)", "32(1)(d)", "33(3)"]
#   remediation: Lengthen the retention of the store, or ship its records to one that keeps them long enough.
package gdpr.log.retention_meets_minimum

not_applicable contains "not an audit log" if not input.subject.category in {"security_audit", "unknown"}

deny contains {
	"msg": sprintf("records are certain to be there for %v days%s, %v are demanded", [
		input.subject.declared.min_days,
		elsewhere,
		input.subject.bounds.min_days,
	]),
	"expected": input.subject.bounds.min_days,
	"actual": max(copies | {input.subject.declared.min_days}),
	"regimes": [o.profile | some o in input.subject.bounds.origin],
} if {
	input.subject.declared.min_days < input.subject.bounds.min_days
	not copied
}

unknown contains "a regime in force demands that a period is declared, and none is: set log.regimes.own.security_audit.min_days" if {
	input.subject.bounds.must_declare
	input.subject.bounds.min_days == 0
}

copied if {
	some ref in input.subject.protection.remote
	input.facts["log.store"][ref].declared.min_days >= input.subject.bounds.min_days
}

elsewhere := "" if count(input.subject.protection.remote) == 0

elsewhere := sprintf(" (in copies %v)", [max(copies)]) if count(input.subject.protection.remote) > 0

copies contains input.facts["log.store"][ref].declared.min_days if some ref in input.subject.protection.remote
