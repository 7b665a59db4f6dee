# METADATA
# scope: package
# title: Search indexes of logs are deleted by age
# description: An index without a phase that deletes is kept until someone notices.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)"]
#   params: [log.tolerance_days]
#   remediation: Attach a policy with a delete phase; its age counts from the rollover.
package gdpr.log.index_expires

not_applicable contains "not a search index" if input.subject.type != "index"

not_applicable contains "holds no personal data" if input.subject.personal == false

deny contains {
	"msg": "no policy deletes the index by its age",
	"key": "unbounded",
	"expected": "a delete phase",
	"actual": input.subject.declared.bound,
} if {
	input.subject.type == "index"
	input.subject.declared.bound != "unknown"
	input.subject.declared.max_days >= 999999
}

deny contains {
	"msg": sprintf("records are kept up to %v days with the time to the rollover, longer than the %v allowed", [
		input.subject.declared.max_days,
		input.subject.bounds.max_days,
	]),
	"key": "too_long",
	"expected": input.subject.bounds.max_days,
	"actual": input.subject.declared.max_days,
} if {
	input.subject.type == "index"
	input.subject.declared.max_days < 999999
	input.subject.declared.max_days > input.subject.bounds.max_days + data.params.log.tolerance_days
}

unknown contains "nothing that was read says how long the index is kept" if {
	input.subject.type == "index"
	input.subject.declared.bound == "unknown"
}
