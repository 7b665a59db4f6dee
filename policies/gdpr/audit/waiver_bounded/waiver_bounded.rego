# METADATA
# scope: package
# title: Every waiver is reasoned, approved by another, narrow, and ends soon
# description: "A waiver accepts a risk for people who were not asked: somebody has to answer for it, and it has to end."
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2), 24(1)
# custom:
#   severity: medium
#   subject: register.waiver
#   gdpr: ["5(2)", "24(1)"]
#   params: [audit.waiver_max_days]
#   remediation: Renew the waiver with all that is missing, or close it.
package gdpr.audit.waiver_bounded

deny contains {
	"msg": sprintf("the waiver ended on %s", [input.subject.expires_on]),
	"key": "expired",
	"expected": "a date to come",
	"actual": input.subject.expires_on,
} if {
	input.subject.expires_on != ""
	input.subject.left_days < 0
}

deny contains {
	"msg": "the waiver does not say when it was approved and when it ends",
	"key": "undated",
	"expected": sprintf("at most %v days", [data.params.audit.waiver_max_days]),
	"actual": "no end",
} if {
	input.subject.term_days >= 999999
}

deny contains {
	"msg": sprintf("the waiver runs for %v days, %v are allowed", [input.subject.term_days, data.params.audit.waiver_max_days]),
	"key": "term",
	"expected": data.params.audit.waiver_max_days,
	"actual": input.subject.term_days,
} if {
	input.subject.term_days < 999999
	input.subject.term_days > data.params.audit.waiver_max_days
}

deny contains {"msg": "nobody owns the waiver", "key": "owner", "expected": "an owner", "actual": ""} if input.subject.owner == ""

deny contains {"msg": "nobody approved the waiver", "key": "approver", "expected": "an approver", "actual": ""} if input.subject.approver == ""

deny contains {
	"msg": sprintf("%s approved their own waiver", [input.subject.owner]),
	"key": "approver",
	"expected": "somebody else",
	"actual": input.subject.approver,
} if {
	input.subject.approver != ""
	input.subject.approver == input.subject.owner
}

deny contains {"msg": "the waiver gives no reason", "key": "reason", "expected": "a reason", "actual": ""} if input.subject.reason == ""

deny contains {"msg": "the waiver names nothing that is done instead", "key": "compensation", "expected": "a compensation", "actual": ""} if {
	input.subject.compensation == ""
}

deny contains {
	"msg": "the waiver covers a whole kind or every target",
	"key": "broad",
	"expected": "named subjects on named targets",
	"actual": sprintf("%s on %s", [input.subject.subject, concat(", ", input.subject.targets)]),
} if {
	input.subject.broad
}
