# METADATA
# scope: package
# title: The secrets of a cluster are encrypted in etcd
# description: Whoever copies the disk or a backup of etcd reads every password of the cluster, unless the API server encrypts them before it writes.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
# custom:
#   severity: high
#   subject: data.store
#   gdpr: ["32(1)(a)"]
#   params: [encryption.etcd_providers]
#   remediation: "Give the API server an EncryptionConfiguration (--encryption-provider-config) that names secrets, with kms of apiVersion v2 as the first provider and identity as the last, and write all secrets again."
package gdpr.encryption.cluster_secrets_encrypted

not_applicable contains "not the etcd of a cluster" if input.subject.type != "etcd"

not_applicable contains sprintf("keeps %s, no secrets", [input.subject.name]) if {
	input.subject.type == "etcd"
	count(secrets) == 0
}

deny contains {
	"msg": sprintf("secrets are written to etcd by the provider %s%s", [first, plainly(first)]),
	"expected": data.params.encryption.etcd_providers,
	"actual": first,
} if {
	input.subject.type == "etcd"
	count(secrets) > 0
	first := input.subject.encryption.providers[0]
	not first in data.params.encryption.etcd_providers
}

# The resources that stand for secrets; a store without a name holds all of them.
secrets contains resource if {
	some resource in split(input.subject.name, ", ")
	resource in {"", "secrets", "*.", "*.*"}
}

plainly(provider) := ", which leaves them as they are" if provider == "identity"

plainly(provider) := ", which is not approved" if provider != "identity"
