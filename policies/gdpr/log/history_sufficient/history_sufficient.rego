# METADATA
# scope: package
# title: Security records reach back as far as they have to
# description: A store that is bounded by its size forgets an intrusion the sooner the more there is to record.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(d), 33(1)
# custom:
#   severity: medium
#   subject: log.store
#   gdpr: ["32(1)(d)", "33(1)"]
#   remediation: Give the store more room, or ship its records.
package gdpr.log.history_sufficient

not_applicable contains sprintf("category %s", [input.subject.category]) if input.subject.category != "security_audit"

not_applicable contains "nobody looked at the store" if count(input.subject.observed) == 0

not_applicable contains "the store is younger than its minimum" if {
	some seen in input.subject.observed
	seen.exists_days <= input.subject.bounds.min_days
}

deny contains {
	"msg": sprintf("the store exists for %v days and reaches back %v, records have to be kept %v", [seen.exists_days, reach, input.subject.bounds.min_days]),
	"expected": input.subject.bounds.min_days,
	"actual": reach,
} if {
	input.subject.category == "security_audit"
	some seen in input.subject.observed
	seen.exists_days > input.subject.bounds.min_days
	reach := reached(seen)
	reach < input.subject.bounds.min_days
}

# A store without a record reaches back no day.
reached(seen) := 0 if seen.oldest_days == 999999

reached(seen) := seen.oldest_days if seen.oldest_days < 999999
