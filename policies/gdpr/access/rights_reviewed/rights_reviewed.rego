# METADATA
# scope: package
# title: Access rights of every service are reviewed regularly
# description: People change teams and systems change hands; rights that nobody looks at only ever grow.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 24(1), 32(1)(d)
# custom:
#   severity: low
#   subject: register.service
#   gdpr: ["24(1)", "32(1)(d)"]
#   params: [access.review_days]
#   remediation: Review who may access the service, and set access_reviewed_on in the register.
package gdpr.access.rights_reviewed

import data.lib.class

not_applicable contains "handles no personal data" if input.subject.class == "none"

deny contains {
	"msg": "access rights were never reviewed",
	"expected": sprintf("a review every %v days", [data.params.access.review_days]),
	"actual": "never",
} if {
	class.personal(input.subject.class)
	input.subject.access_reviewed_days >= 999999
}

deny contains {
	"msg": sprintf("access rights were last reviewed %v days ago, on %s", [input.subject.access_reviewed_days, input.subject.access_reviewed_on]),
	"expected": data.params.access.review_days,
	"actual": input.subject.access_reviewed_days,
} if {
	class.personal(input.subject.class)
	input.subject.access_reviewed_days < 999999
	input.subject.access_reviewed_days > data.params.access.review_days
}

unknown contains "the class of the service is not known" if input.subject.class == "unknown"
