# METADATA
# scope: package
# title: Every backup of personal data is encrypted
# description: A backup is the whole data in a form made to be carried away.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
# custom:
#   severity: high
#   subject: data.store
#   gdpr: ["32(1)(a)"]
#   remediation: Encrypt the backup, the snapshot or what it is made from.
package gdpr.encryption.backup_encrypted

import data.lib.class

not_applicable contains "holds no personal data" if input.subject.class == "none"

not_applicable contains "not a backup" if not input.subject.type in {"backup", "snapshot", "dump"}

deny contains {
	"msg": sprintf("the %s is not encrypted", [input.subject.type]),
	"expected": "encrypted",
	"actual": input.subject.encryption.state,
} if {
	class.personal(input.subject.class)
	input.subject.encryption.state == "plain"
}

unknown contains "not encrypted, and its class is not known" if {
	input.subject.class == "unknown"
	input.subject.encryption.state == "plain"
}
