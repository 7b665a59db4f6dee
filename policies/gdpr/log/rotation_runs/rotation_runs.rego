# METADATA
# scope: package
# title: What rotates logs runs when it should
# description: A rule deletes nothing while the job that carries it out is off.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e), 32(1)(d)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)", "32(1)(d)"]
#   params: [log.missed_periods]
#   remediation: Enable the timer or job, and see why it did not run.
package gdpr.log.rotation_runs

not_applicable contains "no rule rotates it" if count(input.subject.rotation) == 0

not_applicable contains "not a file" if input.subject.type != "file"

deny contains {
	"msg": sprintf("nothing runs the rule %s: no timer and no job", [rule.rule]),
	"key": "off",
	"expected": "a timer or a job",
	"actual": "none",
} if {
	input.subject.type == "file"
	some rule in input.subject.rotation
	not rule.enabled
}

deny contains {
	"msg": sprintf("the last rotation was %v days ago, the period is %v", [rule.last_run_days, rule.period_days]),
	"key": "late",
	"expected": data.params.log.missed_periods * rule.period_days,
	"actual": rule.last_run_days,
} if {
	input.subject.type == "file"
	some rule in input.subject.rotation
	rule.last_run_days < 999999
	rule.last_run_days > data.params.log.missed_periods * rule.period_days
}

deny contains {
	"msg": "the last rotation is dated in the future: until then none follows",
	"key": "future",
	"expected": "a time that has passed",
	"actual": rule.last_run,
} if {
	input.subject.type == "file"
	some rule in input.subject.rotation
	rule.last_run_days < 0
}
