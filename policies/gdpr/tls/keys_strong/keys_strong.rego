# METADATA
# scope: package
# title: Certificates have strong keys
# description: Whoever breaks the key of a certificate is the server, to every client, until the certificate ends.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
#   - ref: https://www.rfc-editor.org/rfc/rfc9325
#     description: RFC 9325, 4.5
# custom:
#   severity: medium
#   subject: tls.endpoint
#   gdpr: ["32(1)(a)"]
#   params: [tls.ec_min_bits, tls.rsa_min_bits]
#   remediation: Have the certificate issued anew, for a larger key (RSA with 3072 bits or more, or a curve of 256).
package gdpr.tls.keys_strong

not_applicable contains "no certificate is served" if count(input.subject.certificates) == 0

deny contains {
	"msg": sprintf("the key of a certificate is %s with %v bits, %v are asked for", [certificate.key_type, certificate.key_bits, least]),
	"key": sprintf("%s-%v", [certificate.key_type, certificate.key_bits]),
	"expected": least,
	"actual": certificate.key_bits,
} if {
	some certificate in input.subject.certificates
	least := least_bits[certificate.key_type]
	certificate.key_bits < least
}

deny contains {
	"msg": sprintf("a certificate is signed with %s, which can be forged", [certificate.signature]),
	"key": certificate.signature,
	"expected": "SHA-256 or longer",
	"actual": certificate.signature,
} if {
	some certificate in input.subject.certificates
	regex.match(`(?i)(sha-?1|md[245])(-|$)`, certificate.signature)
}

unknown contains "the type of a certificate's key is not one that is judged" if {
	some certificate in input.subject.certificates
	certificate.key_type == "other"
}

# Ed25519 and Ed448 have one size each, and it is enough.
least_bits := {"rsa": data.params.tls.rsa_min_bits, "dsa": data.params.tls.rsa_min_bits, "ec": data.params.tls.ec_min_bits}
