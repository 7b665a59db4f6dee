# METADATA
# scope: package
# title: Every rule has an effect
# description: "A rule that others make void misleads whoever reads it: it seems to protect, or to admit, and does neither."
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2), 32(1)(d)
# custom:
#   severity: low
#   subject: firewall.rule
#   gdpr: ["5(2)", "32(1)(d)"]
#   remediation: Delete the rule, or put it before those that cover it.
package gdpr.firewall.rule_effective

import data.lib.list

not_applicable contains sprintf("a rule that decides nothing (%s)", [input.subject.action]) if input.subject.action in {"log", "continue", "return"}

deny contains {
	"msg": sprintf("the rule never decides: all it matches is covered by %s", [list.short([split(ref, "#")[1] | some ref in input.subject.shadowed_by])]),
	"expected": "a rule that decides",
	"actual": input.subject.shadowed_by,
} if {
	count(input.subject.shadowed_by) > 0
}

unknown contains sprintf("what the rule does is not certain: %s", [o.reason]) if {
	count(input.subject.shadowed_by) == 0
	some o in input.subject.opaque
}
