# METADATA
# scope: package
# title: Databases ask everyone who they are
# description: A database that trusts whoever reaches it gives all of its records to the first mistake in a network.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(b)
# custom:
#   severity: critical
#   subject: access.rule
#   gdpr: ["32(1)(b)"]
#   params: [access.methods, access.methods_local]
#   remediation: "Set the method of every rule of pg_hba.conf to scram-sha-256 or cert; of a container, remove POSTGRES_HOST_AUTH_METHOD or set it to scram-sha-256."
#   gate_unknown: true
package gdpr.access.database_authenticated

not_applicable contains "not a rule of pg_hba.conf" if input.subject.type != "hba"

not_applicable contains "admits nobody" if {
	input.subject.type == "hba"
	input.subject.method == "reject"
}

not_applicable contains "never asked: an earlier rule wins" if {
	input.subject.type == "hba"
	input.subject.reachable == false
}

deny contains {
	"msg": sprintf("the server cannot use the rule and refuses or ignores it: %s", [input.subject.error]),
	"key": "error",
	"expected": "a valid rule",
	"actual": input.subject.error,
} if {
	input.subject.type == "hba"
	input.subject.error != ""
}

deny contains {
	"msg": sprintf("%s may log in from %s by the method %s%s", [concat(", ", input.subject.principals), concat(", ", input.subject.sources), input.subject.method, weakness]),
	"key": "method",
	"expected": approved,
	"actual": input.subject.method,
} if {
	input.subject.type == "hba"
	input.subject.error == ""
	not input.subject.method in approved
}

# A local rule is one for the socket of the host itself.
approved := data.params.access.methods if input.subject.source_scope != "host"

approved := array.concat(data.params.access.methods, data.params.access.methods_local) if input.subject.source_scope == "host"

weakness := ", which asks for nothing" if input.subject.method == "trust"

weakness := "" if input.subject.method != "trust"
