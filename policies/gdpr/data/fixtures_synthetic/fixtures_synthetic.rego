# METADATA
# scope: package
# title: Fixtures and examples hold nobody's data
# description: Numbers of accounts, cards and people in a repository are on every developer's machine, without purpose, end or protection. Tests do as well with numbers that are nobody's.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(f), 25(2)
# custom:
#   severity: high
#   subject: secret.match
#   gdpr: ["5(1)(f)", "25(2)"]
#   params: [data.synthetic]
#   remediation: Replace the data by numbers that are published for tests, or remove the file from the repository and its history. What is made up is allowed in the register with a reason and an end.
#   absence: pass
package gdpr.data.fixtures_synthetic

not_applicable contains "a credential, no identifier of a person" if input.subject.category == "credential"

not_applicable contains "the file is not under version control" if not input.subject.tracked

not_applicable contains "identifiers of this type are made up" if input.subject.rule in data.params.data.synthetic

deny contains {
	"msg": sprintf("%s holds identifiers of people with right check digits: %d × %s", [input.subject.place, input.subject.count, input.subject.rule]),
	"expected": "numbers that are nobody's",
	"actual": input.subject.rule,
} if {
	input.subject.category == "personal_identifier"
	input.subject.tracked
	not input.subject.rule in data.params.data.synthetic
	not allowed
}

warn contains sprintf("the allowance %q ended %d days ago", [a.reason, 0 - a.left_days]) if {
	some a in input.subject.allow
	a.left_days < 0
}

allowed if {
	some a in input.subject.allow
	a.left_days >= 0
}
