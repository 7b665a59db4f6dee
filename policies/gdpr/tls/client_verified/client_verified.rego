# METADATA
# scope: package
# title: Clients of special data show a certificate
# description: A password can be told, guessed and reused; a certificate binds a connection to a known machine.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
# custom:
#   severity: medium
#   subject: tls.endpoint
#   may_read: [register.port]
#   gdpr: ["32(1)(a)"]
#   params: [tls.client_auth_from_class]
#   remediation: Require client certificates on the endpoint.
package gdpr.tls.client_verified

import data.lib.class

not_applicable contains "answers only with a redirect to https" if {
	input.subject.encrypted == "none"
	input.subject.http.redirect == "https"
}

not_applicable contains sprintf("%s knows both ends", [input.subject.encrypted]) if input.subject.encrypted in {"ssh", "wireguard"}

not_applicable contains sprintf("no data of class %s or above, and the register does not ask for it", [data.params.tls.client_auth_from_class]) if {
	class.rank[input.subject.class] < class.rank[data.params.tls.client_auth_from_class]
	count(mutual) == 0
}

deny contains {
	"msg": sprintf("client certificates are not required (%s), although %s", [input.subject.client_auth, why]),
	"expected": "required",
	"actual": input.subject.client_auth,
} if {
	input.subject.client_auth != "required"
	asked
}

unknown contains "clients show no certificate, and the class of the data is not known" if {
	input.subject.class == "unknown"
	input.subject.client_auth != "required"
	count(mutual) == 0
}

asked if count(mutual) > 0

asked if class.reaches(input.subject.class, data.params.tls.client_auth_from_class)

why := "the register asks for them" if count(mutual) > 0

why := sprintf("data are of class %s", [input.subject.class]) if count(mutual) == 0

mutual contains ref if {
	some ref in input.subject.register
	input.facts["register.port"][ref].tls == "mutual"
}
