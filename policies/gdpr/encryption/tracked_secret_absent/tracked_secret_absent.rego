# METADATA
# scope: package
# title: No secret stands in a tracked file
# description: A secret under version control is in every clone and stays in its history. Whoever reads the repository, now or later, holds the key to what it protects.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a), 32(1)(b)
# custom:
#   severity: critical
#   subject: secret.match
#   gdpr: ["32(1)(a)", "32(1)(b)"]
#   remediation: Rotate the secret first, then remove it from the file and from history. What must stand, such as a key of tests, is allowed in the register with a reason and an end.
#   absence: pass
package gdpr.encryption.tracked_secret_absent

not_applicable contains "a personal identifier, no credential" if input.subject.category == "personal_identifier"

not_applicable contains "found by its name alone" if input.subject.by == "name"

not_applicable contains "a reference" if input.subject.form == "reference"

not_applicable contains "encrypted" if input.subject.form == "encrypted"

not_applicable contains "the file is not under version control" if not input.subject.tracked

deny contains {
	"msg": sprintf("%s holds a secret that anyone who has the repository can use", [input.subject.place]),
	"expected": "no secret",
	"actual": input.subject.rule,
} if {
	input.subject.category == "credential"
	input.subject.by == "pattern"
	input.subject.form == "literal"
	input.subject.tracked
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
