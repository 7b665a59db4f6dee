# METADATA
# scope: package
# title: Databases take encrypted connections only
# description: "A database that also takes plain connections gets them: from the one client that was set up in a hurry."
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
# custom:
#   severity: critical
#   subject: tls.config
#   facts: [access.rule]
#   gdpr: ["32(1)(a)"]
#   remediation: Require secure transport (rds.force_ssl, require_secure_transport, hostssl).
package gdpr.tls.database_encrypted_only

import data.lib.class

not_applicable contains "no database server" if input.subject.role == "client"

not_applicable contains sprintf("serves %s, no database", [input.subject.serves]) if input.subject.serves != "database"

not_applicable contains "no personal data" if input.subject.class == "none"

deny contains {
	"msg": msg,
	"expected": "on",
	"actual": input.subject.tls,
} if {
	class.personal(input.subject.class)
	input.subject.role == "server"
	input.subject.serves == "database"
	input.subject.tls != "on"
}

unknown contains "plain connections are possible, and the class of the data is not known" if {
	input.subject.class == "unknown"
	input.subject.tls != "on"
}

# A rule does not say here whether it admits plain connections.
unknown contains sprintf("whether %s admits plain connections is not known", [rule.id]) if {
	some ref in input.subject.rule
	rule := input.facts["access.rule"][ref]
	rule.type == "hba"
	rule.reachable
	rule.source_scope != "loopback"
}

msg := "the database does not encrypt connections" if input.subject.tls == "off"

msg := "the database encrypts connections only if the client asks for it" if input.subject.tls == "optional"
