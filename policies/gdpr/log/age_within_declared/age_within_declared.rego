# METADATA
# scope: package
# title: No record is older than its store declares
# description: What is declared deletes nothing; what stands on the disk is what a person can still find.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e), 5(2)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)", "5(2)"]
#   params: [log.tolerance_days]
#   remediation: Delete what is too old, then repair what should have deleted it.
package gdpr.log.age_within_declared

not_applicable contains "holds no personal data" if input.subject.personal == false

not_applicable contains "unbounded: judged by gdpr.log.retention_bounded" if input.subject.declared.max_days >= 999999

not_applicable contains "nobody looked at the store" if count(input.subject.observed) == 0

not_applicable contains "it holds no record" if {
	some seen in input.subject.observed
	seen.oldest_days == 999999
}

deny contains {
	"msg": sprintf("the oldest record is %v days old, %v are declared", [seen.oldest_days, input.subject.declared.max_days]),
	"expected": input.subject.declared.max_days,
	"actual": seen.oldest_days,
} if {
	some seen in input.subject.observed
	seen.oldest_days < 999999
	seen.oldest_days > input.subject.declared.max_days + data.params.log.tolerance_days
}
