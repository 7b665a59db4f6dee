# METADATA
# scope: package
# title: Keys of stores are rotated
# description: The longer a key is in use, the more it protects, and the more hands it has gone through.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
# custom:
#   severity: medium
#   subject: data.store
#   gdpr: ["32(1)(a)"]
#   params: [encryption.rotation_max_days]
#   remediation: Turn on the rotation of the key, or shorten its period.
package gdpr.encryption.key_rotated

not_applicable contains "no key in a key manager" if input.subject.key.manager in {"none", "host"}

deny contains {
	"msg": sprintf("nothing rotates the key %s", [input.subject.key.location]),
	"expected": data.params.encryption.rotation_max_days,
	"actual": "never",
} if {
	input.subject.key.manager in {"customer", "provider"}
	input.subject.key.rotation_days >= 999999
}

deny contains {
	"msg": sprintf("the key %s is rotated every %v days, at most %v are allowed", [
		input.subject.key.location,
		input.subject.key.rotation_days,
		data.params.encryption.rotation_max_days,
	]),
	"expected": data.params.encryption.rotation_max_days,
	"actual": input.subject.key.rotation_days,
} if {
	input.subject.key.manager in {"customer", "provider"}
	input.subject.key.rotation_days < 999999
	input.subject.key.rotation_days > data.params.encryption.rotation_max_days
}
