# METADATA
# scope: package
# title: Every log file that is written is rotated by a rule
# description: A file that no rule names grows until the disk is full, and keeps all it ever recorded.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)"]
#   params: [log.active_days, log.ignore]
#   remediation: Add a rule for the file.
package gdpr.log.rotation_covers_file

not_applicable contains "not a file" if input.subject.type != "file"

not_applicable contains "ignored by log.ignore" if input.subject.id in data.params.log.ignore

not_applicable contains "nobody looked at the file" if count(input.subject.observed) == 0

not_applicable contains sprintf("not written for %v days", [data.params.log.active_days]) if {
	some seen in input.subject.observed
	seen.last_write_days > data.params.log.active_days
}

deny contains {
	"msg": sprintf("%s is written, and no rule rotates it", [input.subject.id]),
	"expected": "a rule",
	"actual": "none",
} if {
	input.subject.type == "file"
	not input.subject.id in data.params.log.ignore
	some seen in input.subject.observed
	seen.last_write_days <= data.params.log.active_days
	count([rule | some rule in input.subject.rotation; rule.effective]) == 0
}
