# METADATA
# scope: package
# title: The rule that rotates a log is carried out
# description: A stanza with an error is skipped without a word, and what it should delete stays for ever.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e), 32(1)(d)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(e)", "32(1)(d)"]
#   remediation: Correct the stanza; logrotate -d shows what it makes of it.
package gdpr.log.rotation_effective

not_applicable contains "no rule rotates it" if count(input.subject.rotation) == 0

deny contains {
	"msg": sprintf("the rule %s is not carried out: %s", [rule.rule, concat("; ", rule.reasons)]),
	"expected": true,
	"actual": false,
} if {
	some rule in input.subject.rotation
	not rule.effective
}
