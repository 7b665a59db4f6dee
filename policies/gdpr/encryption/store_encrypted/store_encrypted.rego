# METADATA
# scope: package
# title: Every store of personal data is encrypted at rest
# description: Disks are thrown away, buckets are copied, laptops are lost; what is encrypted is then still unreadable.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
# custom:
#   severity: high
#   subject: data.store
#   gdpr: ["32(1)(a)"]
#   remediation: Turn on encryption at rest for the store.
#   gate_unknown: true
package gdpr.encryption.store_encrypted

import data.lib.class

not_applicable contains "holds no personal data" if input.subject.class == "none"

not_applicable contains "a backup: judged by gdpr.encryption.backup_encrypted" if input.subject.type in {"backup", "snapshot", "dump"}

not_applicable contains "a state: judged by gdpr.encryption.state_protected" if input.subject.type == "state"

not_applicable contains "the etcd of a cluster: judged by gdpr.encryption.cluster_secrets_encrypted" if input.subject.type == "etcd"

deny contains {
	"msg": sprintf("the %s is not encrypted at rest", [input.subject.type]),
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
