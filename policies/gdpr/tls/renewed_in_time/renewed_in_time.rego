# METADATA
# scope: package
# title: Certificates are renewed in time
# description: A certificate that ends by surprise stops a service, or teaches its users to click warnings away.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(b)
# custom:
#   severity: medium
#   subject: tls.endpoint
#   may_read: [tls.config]
#   gdpr: ["32(1)(b)"]
#   params: [tls.renew_before_days]
#   remediation: Have the certificate renewed by itself, earlier before its end.
package gdpr.tls.renewed_in_time

not_applicable contains "no certificate is served" if count(input.subject.certificates) == 0

deny contains {
	"msg": sprintf("a certificate ends in %v days, and is not renewed yet", [certificate.left_days]),
	"key": certificate.not_after,
	"expected": sprintf("at least %v days", [least]),
	"actual": certificate.left_days,
} if {
	some certificate in input.subject.certificates
	certificate.left_days >= 0
	least := min([data.params.tls.renew_before_days, floor(certificate.validity_days / 3)])
	certificate.left_days < least
}

deny contains {
	"msg": sprintf("a certificate ended %v days ago, and is not renewed", [abs(certificate.left_days)]),
	"key": certificate.not_after,
	"expected": "a renewal before its end",
	"actual": certificate.left_days,
} if {
	some certificate in input.subject.certificates
	certificate.left_days < 0
}

# What the configuration asks for decides before anything is served.
deny contains {
	"msg": sprintf("the certificate of %s is renewed %v hours before its end, %v are asked for", [certificate.origin, floor(certificate.renew_before_seconds / 3600), ceil(least / 3600)]),
	"key": certificate.origin,
	"expected": sprintf("at least %v hours", [ceil(least / 3600)]),
	"actual": certificate.renew_before_seconds,
} if {
	some ref in input.subject.config
	some certificate in input.facts["tls.config"][ref].certificates
	certificate.renew_before_seconds > 0
	least := min([data.params.tls.renew_before_days * 86400, floor(certificate.validity_seconds / 3)])
	certificate.renew_before_seconds < least
}

deny contains {
	"msg": sprintf("nothing renews the certificate of %s", [certificate.origin]),
	"key": certificate.origin,
	"expected": "a renewal",
	"actual": "none",
} if {
	some ref in input.subject.config
	some certificate in input.facts["tls.config"][ref].certificates
	certificate.renew_before_seconds == 0
}
