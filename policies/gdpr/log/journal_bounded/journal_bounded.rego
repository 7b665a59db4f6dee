# METADATA
# scope: package
# title: The journal deletes records by their age, in files that are small beside it
# description: journald deletes whole files; a file that holds a month keeps a record a month, whatever shorter age is asked for.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)"]
#   params: [log.journal_granularity]
#   remediation: Set MaxRetentionSec to the period, and MaxFileSec to a quarter of it or less.
package gdpr.log.journal_bounded

not_applicable contains "not a journal" if input.subject.type != "journal"

not_applicable contains "holds no personal data" if input.subject.personal == false

not_applicable contains "kept until the machine starts again, or not at all" if input.subject.volatile

deny contains {
	"msg": "nothing deletes records of the journal by their age",
	"key": "unbounded",
	"expected": "MaxRetentionSec",
	"actual": input.subject.declared.bound,
} if {
	input.subject.type == "journal"
	input.subject.declared.max_days >= 999999
}

deny contains {
	"msg": sprintf("a file of the journal holds up to %v days, more than %v of the %v days that records may live", [
		round(rule.period_days),
		data.params.log.journal_granularity,
		input.subject.declared.max_days,
	]),
	"key": "granularity",
	"expected": data.params.log.journal_granularity * input.subject.declared.max_days,
	"actual": rule.period_days,
} if {
	input.subject.type == "journal"
	input.subject.declared.max_days < 999999
	some rule in input.subject.rotation
	rule.period_days > data.params.log.journal_granularity * input.subject.declared.max_days
}
