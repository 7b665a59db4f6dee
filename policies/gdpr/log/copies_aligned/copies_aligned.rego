# METADATA
# scope: package
# title: Copies of a log end with it
# description: A log that is deleted in one place and kept in another is not deleted.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(c), 5(1)(e)
# custom:
#   severity: medium
#   subject: log.source
#   facts: [log.store]
#   gdpr: ["5(1)(c)", "5(1)(e)"]
#   remediation: Align the retention of the copies, or drop one.
package gdpr.log.copies_aligned

not_applicable contains "kept in one place" if count(input.subject.stores) < 2

deny contains {
	"msg": sprintf("%s keeps the records up to %v days, the strictest of %v copies allows %v", [longest.id, longest.declared.max_days, count(input.subject.stores), limit]),
	"expected": limit,
	"actual": longest.declared.max_days,
} if {
	count(input.subject.stores) > 1
	longest.declared.max_days > limit
}

limit := min({input.facts["log.store"][ref].bounds.max_days | some ref in input.subject.stores})

longest := [store |
	some ref in input.subject.stores
	store := input.facts["log.store"][ref]
	store.declared.max_days == max({input.facts["log.store"][other].declared.max_days | some other in input.subject.stores})
][0]
