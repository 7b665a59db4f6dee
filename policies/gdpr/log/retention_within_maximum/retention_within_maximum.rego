# METADATA
# scope: package
# title: No log store keeps records longer than its category allows
# description: Logs hold who did what from where; what is kept longer than its purpose needs is kept without a reason.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)"]
#   params: [log.tolerance_days]
#   remediation: Shorten the retention; or document the duty to keep the records longer, and set the bound of your own regime.
package gdpr.log.retention_within_maximum

not_applicable contains "holds no personal data" if input.subject.personal == false

not_applicable contains "unbounded: judged by gdpr.log.retention_bounded" if input.subject.declared.max_days >= 999999

not_applicable contains "a cloud log group: judged by gdpr.log.cloud_group_finite" if input.subject.type == "cloud_group"

not_applicable contains "a topic: judged by gdpr.log.topic_expires" if input.subject.type == "topic"

not_applicable contains "a search index: judged by gdpr.log.index_expires" if input.subject.type == "index"

deny contains {
	"msg": sprintf("records are kept up to %v days, longer than the %v allowed", [
		input.subject.declared.max_days,
		input.subject.bounds.max_days,
	]),
	"expected": input.subject.bounds.max_days,
	"actual": input.subject.declared.max_days,
	"regimes": [o.profile | some o in input.subject.bounds.origin],
} if {
	input.subject.declared.max_days > input.subject.bounds.max_days + data.params.log.tolerance_days
}
