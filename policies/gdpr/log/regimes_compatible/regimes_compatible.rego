# METADATA
# scope: package
# title: The retention regimes of a log store can all be kept at once
# description: Where one duty wants records longer than another allows, every period breaks one of them; the conflict has to be resolved by people, not by the default.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e), 6(1)(c)
# custom:
#   severity: medium
#   subject: log.store
#   gdpr: ["5(1)(e)", "6(1)(c)"]
#   remediation: Split the streams by category, pseudonymise what is kept longer, or document the legal duty and set the bounds of your own regime.
package gdpr.log.regimes_compatible

not_applicable contains "one regime at most is in force" if {
	count(input.subject.bounds.origin) < 2
	not input.subject.bounds.must_declare
}

deny contains {
	"msg": sprintf("no period keeps all regimes: %s demands at least %v days, %s allows at most %v", [
		concat(" and ", demanding),
		input.subject.bounds.min_days,
		concat(" and ", limiting),
		input.subject.bounds.max_days,
	]),
	"expected": sprintf("at most %v days", [input.subject.bounds.max_days]),
	"actual": sprintf("at least %v days", [input.subject.bounds.min_days]),
} if {
	input.subject.bounds.min_days > input.subject.bounds.max_days
}

unknown contains "a regime in force demands that a period is declared, and none is" if {
	input.subject.bounds.must_declare
	input.subject.bounds.min_days == 0
}

demanding := [o.profile |
	some o in input.subject.bounds.origin
	o.min_days == input.subject.bounds.min_days
]

limiting := [o.profile |
	some o in input.subject.bounds.origin
	o.max_days == input.subject.bounds.max_days
]
