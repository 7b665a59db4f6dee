# METADATA
# scope: package
# title: No log store keeps records for ever
# description: Records that nothing ever deletes outlive every purpose they were made for.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e), 25(2)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)", "25(2)"]
#   remediation: Add a time bound to the retention of the store.
package gdpr.log.retention_bounded

not_applicable contains "holds no personal data" if input.subject.personal == false

not_applicable contains "a topic: judged by gdpr.log.topic_expires" if input.subject.type == "topic"

not_applicable contains "a container log: judged by gdpr.log.container_bounded" if input.subject.type == "container"

not_applicable contains "a search index: judged by gdpr.log.index_expires" if input.subject.type == "index"

not_applicable contains "bounded but for a silent service: judged by gdpr.log.deletion_unconditional" if {
	input.subject.declared.bound == "time"
	count(input.subject.declared.conditions) > 0
}

deny contains {
	"msg": sprintf("nothing deletes records by their age (bound: %s)", [input.subject.declared.bound]),
	"expected": "a bound by time",
	"actual": input.subject.declared.bound,
} if {
	input.subject.declared.bound != "unknown"
	input.subject.declared.max_days >= 999999
}

unknown contains "nothing that was read says how long records are kept" if input.subject.declared.bound == "unknown"
