# METADATA
# scope: package
# title: Personal data travel encrypted only
# description: What travels in plain text can be read and changed by everybody on the way.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(f), 32(1)(a)
# custom:
#   severity: critical
#   subject: tls.endpoint
#   gdpr: ["5(1)(f)", "32(1)(a)"]
#   remediation: Require TLS on the endpoint, and switch the unencrypted one off.
#   gate_unknown: true
package gdpr.tls.personal_data_encrypted

import data.lib.class

not_applicable contains "no personal data" if input.subject.class == "none"

not_applicable contains "reached from the host itself only" if input.subject.scope == "loopback"

not_applicable contains "answers only with a redirect to https" if {
	input.subject.encrypted == "none"
	input.subject.http.redirect == "https"
}

deny contains {
	"msg": "personal data are served without encryption",
	"key": "plain",
	"expected": "tls",
	"actual": "none",
} if {
	class.personal(input.subject.class)
	input.subject.encrypted == "none"
}

deny contains {
	"msg": "a client that does not ask for encryption is served without it",
	"key": "optional",
	"expected": "encryption always",
	"actual": "encryption on demand",
} if {
	class.personal(input.subject.class)
	optional
}

unknown contains "served without encryption, and the class of the data is not known" if {
	input.subject.class == "unknown"
	input.subject.encrypted == "none"
}

unknown contains "served without encryption on demand, and the class of the data is not known" if {
	input.subject.class == "unknown"
	optional
}

optional if {
	input.subject.encrypted != "none"
	input.subject.plaintext_allowed
	input.subject.http.redirect != "https"
}
