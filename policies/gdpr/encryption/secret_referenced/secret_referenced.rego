# METADATA
# scope: package
# title: Secrets are referenced, not written down
# description: What stands in a file is in every clone, backup and pipeline log of it; a reference gives nothing away and can be rotated in one place.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
# custom:
#   severity: medium
#   subject: secret.match
#   gdpr: ["32(1)(a)"]
#   remediation: Keep the secret in a secret manager and refer to it; rotate the one that was written down.
#   absence: pass
package gdpr.encryption.secret_referenced

not_applicable contains "a personal identifier, no credential" if input.subject.category == "personal_identifier"

not_applicable contains "found by its shape, which another control judges" if input.subject.by == "pattern"

not_applicable contains "a reference" if input.subject.form == "reference"

not_applicable contains "encrypted" if input.subject.form == "encrypted"

deny contains {
	"msg": sprintf("%s holds a secret in plain text", [input.subject.place]),
	"expected": "reference",
	"actual": input.subject.form,
	"found_by": input.subject.by,
} if {
	input.subject.category == "credential"
	input.subject.form == "literal"
}
