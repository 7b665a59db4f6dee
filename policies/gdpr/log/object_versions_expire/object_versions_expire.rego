# METADATA
# scope: package
# title: Log objects expire, former versions and unfinished uploads too
# description: A life-cycle rule that hides objects and keeps their versions, or misses half of them, deletes nothing.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)"]
#   remediation: Give the life cycle an expiration, one for former versions, and one for unfinished uploads, over all prefixes; shorten the lock.
package gdpr.log.object_versions_expire

not_applicable contains "no object store" if input.subject.type != "object"

deny contains {
	"msg": "nothing deletes the objects",
	"key": "expiration",
	"expected": "an expiration",
	"actual": "never",
} if {
	input.subject.type == "object"
	input.subject.object.expires_days >= 999999
}

deny contains {
	"msg": "nothing deletes the former versions of objects",
	"key": "versions",
	"expected": "an expiration of former versions",
	"actual": "never",
} if {
	input.subject.type == "object"
	input.subject.object.versioned
	input.subject.object.noncurrent_days >= 999999
}

deny contains {
	"msg": "nothing deletes unfinished uploads",
	"key": "uploads",
	"expected": "a number of days",
	"actual": "never",
	"severity": "low",
} if {
	input.subject.type == "object"
	input.subject.object.abort_days >= 999999
}

deny contains {
	"msg": sprintf("objects are locked for %v days, and have to be gone after %v", [input.subject.protection.lock_days, input.subject.bounds.max_days]),
	"key": "lock",
	"expected": input.subject.bounds.max_days,
	"actual": input.subject.protection.lock_days,
} if {
	input.subject.type == "object"
	input.subject.protection.lock_days > 0
	input.subject.protection.lock_days > input.subject.bounds.max_days
}
