# METADATA
# scope: package
# title: Topics delete log records in time
# description: A topic that compacts keeps the last record of every key for ever, and one without a limit keeps them all; a retention says when a segment may go, not a record.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e), 17(1)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)", "17(1)"]
#   params: [log.tolerance_days]
#   remediation: "Set the retention of the topic, and of a segment, so that both together stay inside the bound: retention.ms and segment.ms, message_retention of an event hub."
package gdpr.log.topic_expires

not_applicable contains "not a topic" if input.subject.type != "topic"

not_applicable contains "holds no personal data" if input.subject.personal == false

deny contains {
	"msg": sprintf("nothing deletes the records of the topic by their age (bound: %s)", [input.subject.declared.bound]),
	"key": "unbounded",
	"expected": "a retention",
	"actual": "never",
} if {
	input.subject.type == "topic"
	input.subject.declared.bound != "unknown"
	input.subject.declared.max_days >= 999999
}

deny contains {
	"msg": sprintf("the topic keeps records up to %v days, longer than the %v allowed", [input.subject.declared.max_days, input.subject.bounds.max_days]),
	"key": "maximum",
	"expected": input.subject.bounds.max_days,
	"actual": input.subject.declared.max_days,
} if {
	input.subject.type == "topic"
	input.subject.declared.max_days < 999999
	input.subject.declared.max_days > input.subject.bounds.max_days + data.params.log.tolerance_days
}

unknown contains "nothing that was read says how long the topic keeps records" if {
	input.subject.type == "topic"
	input.subject.declared.bound == "unknown"
}
