# METADATA
# scope: package
# title: Web servers answer over HTTPS only, and say so
# description: A browser that is not told otherwise tries without encryption first, and whoever is in between answers instead.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
# custom:
#   severity: medium
#   subject: tls.endpoint
#   gdpr: ["32(1)(a)"]
#   params: [tls.hsts_min_seconds]
#   remediation: Redirect every request to https, and send Strict-Transport-Security for half a year or more.
package gdpr.tls.https_forced

not_applicable contains "no web server" if input.subject.serves != "web"

deny contains {
	"msg": "requests without TLS are answered otherwise than with a redirect to https",
	"key": "plain",
	"expected": "https",
	"actual": input.subject.http.redirect,
} if {
	input.subject.plaintext_allowed
	input.subject.http.redirect != "https"
}

deny contains {
	"msg": sprintf("Strict-Transport-Security is %v seconds, %v are asked for", [input.subject.http.hsts_seconds, data.params.tls.hsts_min_seconds]),
	"key": "hsts",
	"expected": data.params.tls.hsts_min_seconds,
	"actual": input.subject.http.hsts_seconds,
} if {
	input.subject.encrypted == "tls"
	input.subject.http.hsts_seconds < data.params.tls.hsts_min_seconds
}
