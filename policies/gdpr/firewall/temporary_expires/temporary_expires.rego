# METADATA
# scope: package
# title: Temporary rules end soon
# description: Nothing lasts as long as a rule for a week.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(2), 32(1)(b)
# custom:
#   severity: low
#   subject: firewall.rule
#   gdpr: ["25(2)", "32(1)(b)"]
#   params: [firewall.temporary_max_days]
#   remediation: Remove the rule, or give it a date of expiry in its description or tags.
package gdpr.firewall.temporary_expires

not_applicable contains "not temporary" if not input.subject.temporary

deny contains {
	"msg": "the rule is temporary and has no end",
	"expected": sprintf("at most %v days", [data.params.firewall.temporary_max_days]),
	"actual": "no end",
} if {
	input.subject.temporary
	input.subject.expires_on == ""
}

deny contains {
	"msg": sprintf("the rule ended on %s and is still there", [input.subject.expires_on]),
	"expected": "no rule",
	"actual": input.subject.expires_on,
} if {
	input.subject.temporary
	input.subject.expires_on != ""
	input.subject.left_days < 0
}

deny contains {
	"msg": sprintf("the rule is temporary and ends in %v days, %v are allowed", [input.subject.left_days, data.params.firewall.temporary_max_days]),
	"expected": data.params.firewall.temporary_max_days,
	"actual": input.subject.left_days,
} if {
	input.subject.temporary
	input.subject.expires_on != ""
	input.subject.left_days > data.params.firewall.temporary_max_days
}
