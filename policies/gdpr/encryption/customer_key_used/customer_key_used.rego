# METADATA
# scope: package
# title: Confidential stores are encrypted with a key of the customer
# description: With the provider's default key the provider alone decides who reads; a key of the customer can be restricted, watched and withdrawn.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
# custom:
#   severity: medium
#   subject: data.store
#   gdpr: ["32(1)(a)"]
#   params: [encryption.customer_key_from_class]
#   remediation: Encrypt the store with a key of your own in a key manager.
package gdpr.encryption.customer_key_used

import data.lib.class

not_applicable contains sprintf("holds no data of class %s or above", [data.params.encryption.customer_key_from_class]) if {
	class.rank[input.subject.class] < class.rank[data.params.encryption.customer_key_from_class]
}

not_applicable contains "not encrypted: judged by gdpr.encryption.store_encrypted" if input.subject.encryption.state == "plain"

deny contains {
	"msg": sprintf("the %s is encrypted with the provider's default key only", [input.subject.type]),
	"expected": "customer",
	"actual": input.subject.key.manager,
} if {
	class.reaches(input.subject.class, data.params.encryption.customer_key_from_class)
	input.subject.encryption.state == "encrypted"
	input.subject.key.manager == "provider"
}

unknown contains "only the provider's default key, and the class of the store is not known" if {
	input.subject.class == "unknown"
	input.subject.encryption.state == "encrypted"
	input.subject.key.manager == "provider"
}
