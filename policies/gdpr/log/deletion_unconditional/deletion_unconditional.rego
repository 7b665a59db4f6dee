# METADATA
# scope: package
# title: Records are deleted whether or not new ones come
# description: A rule that waits for a new record keeps the old ones of a service that fell silent.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e)
# custom:
#   severity: medium
#   subject: log.store
#   gdpr: ["5(1)(e)"]
#   params: [log.tolerance_days]
#   remediation: Drop notifempty, minsize and minage, or delete by age beside the rotation.
package gdpr.log.deletion_unconditional

conditional := {"notifempty", "minsize", "size", "minage"}

not_applicable contains "holds no personal data" if input.subject.personal == false

not_applicable contains "the oldest record that stands on the disk is within the bound" if {
	some seen in input.subject.observed
	seen.oldest_days <= input.subject.bounds.max_days + data.params.log.tolerance_days
}

deny contains {
	"msg": sprintf("records are deleted only under a condition: %s", [concat(", ", sort(held))]),
	"expected": "no condition",
	"actual": sort(held),
} if {
	held := {c | some c in input.subject.declared.conditions; c in conditional}
	count(held) > 0
	input.subject.bounds.max_days < 999999
}
