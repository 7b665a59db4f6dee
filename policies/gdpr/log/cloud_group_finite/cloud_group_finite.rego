# METADATA
# scope: package
# title: Every cloud log group deletes its records in time
# description: A log group without a retention period keeps personal data for ever, and one that keeps it too short or too long breaks the period that was promised.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)"]
#   params: [log.cloud_lag_days.cloudwatch]
#   remediation: Set the retention of the log group to a period inside its bounds.
package gdpr.log.cloud_group_finite

not_applicable contains "not a cloud log group" if input.subject.type != "cloud_group"

deny contains {
	"msg": "the log group never deletes its records",
	"key": "unbounded",
	"expected": "a retention period",
	"actual": "none",
} if {
	input.subject.declared.max_days >= 999999
}

deny contains {
	"msg": sprintf("records are kept up to %v days, longer than the %v allowed", [longest, input.subject.bounds.max_days]),
	"key": "maximum",
	"expected": input.subject.bounds.max_days,
	"actual": longest,
} if {
	input.subject.declared.max_days < 999999
	longest > input.subject.bounds.max_days
}

deny contains {
	"msg": sprintf("records are kept %v days, shorter than the %v required", [input.subject.declared.min_days, input.subject.bounds.min_days]),
	"key": "minimum",
	"expected": input.subject.bounds.min_days,
	"actual": input.subject.declared.min_days,
} if {
	input.subject.declared.min_days < input.subject.bounds.min_days
}

# Deletion runs after the period ends.
longest := input.subject.declared.max_days + data.params.log.cloud_lag_days.cloudwatch
