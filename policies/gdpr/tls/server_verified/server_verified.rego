# METADATA
# scope: package
# title: Clients check whom they talk to
# description: "Encryption to somebody unknown protects nothing: whoever is in between answers with a certificate of their own."
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
# custom:
#   severity: high
#   subject: tls.config
#   gdpr: ["32(1)(a)"]
#   params: [tls.client_verify]
#   remediation: Check chain and name (verify-full), with the file of the authority.
package gdpr.tls.server_verified

not_applicable contains sprintf("a %s", [input.subject.role]) if input.subject.role != "client"

# Who checks enough may talk to whom it likes: then the address, which may not be
# known, is not asked for.
not_applicable contains near if {
	input.subject.role == "client"
	not checks_enough
}

deny contains {
	"msg": sprintf("%s is talked to without TLS", [peer]),
	"key": "tls",
	"expected": "on",
	"actual": input.subject.tls,
} if {
	input.subject.role == "client"
	input.subject.tls == "off"
}

deny contains {
	"msg": sprintf("%s is talked to without TLS if it does not ask for it", [peer]),
	"key": "tls",
	"expected": "on",
	"actual": input.subject.tls,
} if {
	input.subject.role == "client"
	input.subject.tls == "optional"
}

deny contains {
	"msg": sprintf("of the certificate of %s %s, %s is asked for", [peer, checked[input.subject.verify], data.params.tls.client_verify]),
	"key": "verify",
	"expected": data.params.tls.client_verify,
	"actual": input.subject.verify,
} if {
	input.subject.role == "client"
	input.subject.tls != "off"
	rank[input.subject.verify] < rank[data.params.tls.client_verify]
}

rank := {"none": 0, "ca": 1, "full": 2}

checked := {"none": "nothing is checked", "ca": "only the chain is checked"}

default peer := "the server"

peer := input.subject.address if {
	is_string(input.subject.address)
	input.subject.address != ""
}

checks_enough if {
	input.subject.tls == "on"
	rank[input.subject.verify] >= rank[data.params.tls.client_verify]
}

near := "the peer is on the same host" if local

local if input.subject.address == "localhost"

local if startswith(input.subject.address, "/")

local if startswith(input.subject.address, "127.")

local if input.subject.address == "::1"
