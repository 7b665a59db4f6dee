# METADATA
# scope: package
# title: Every log store has a category and an owner in the register
# description: Without a category nobody can say how long records must and may be kept, and without an owner nobody answers for it.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2), 30(1)(f)
# custom:
#   severity: medium
#   subject: log.store
#   facts: [register.service]
#   gdpr: ["5(2)", "30(1)(f)"]
#   remediation: Add a log block to the service in the register, with category and owner.
package gdpr.log.store_registered

deny contains {
	"msg": "the register names no category for the log store",
	"key": "category",
	"expected": "a log category",
	"actual": input.subject.category,
} if {
	input.subject.category == "unknown"
}

deny contains {
	"msg": "the register names no owner for the log store",
	"key": "owner",
	"expected": "an owner",
	"actual": input.subject.owner,
} if {
	input.subject.owner == ""
}
