# METADATA
# scope: package
# title: No version of TLS below the floor can be negotiated
# description: Old versions of TLS have flaws that cannot be repaired; a server that still takes them lets an attacker choose them.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
#   - ref: https://www.rfc-editor.org/rfc/rfc9325
#     description: RFC 9325, 3.1.1
# custom:
#   severity: high
#   subject: tls.endpoint
#   gdpr: ["32(1)(a)"]
#   params: [tls.expected_version, tls.min_version]
#   remediation: Switch old versions off, or choose a newer policy of the provider.
package gdpr.tls.version_modern

import data.lib.list

not_applicable contains "does not speak TLS" if input.subject.encrypted != "tls"

deny contains {
	"msg": sprintf("%s can be negotiated, the floor is tls%s", [list.short(old), data.params.tls.min_version]),
	"expected": sprintf("tls%s or above", [data.params.tls.min_version]),
	"actual": old,
} if {
	input.subject.encrypted == "tls"
	count(old) > 0
}

unknown contains sprintf("whether %s can be negotiated is not known", [list.short(unsure)]) if {
	input.subject.encrypted == "tls"
	count(unsure) > 0
}

unknown contains "no version is known that can be negotiated" if {
	input.subject.encrypted == "tls"
	count([version | some version in input.subject.versions; version.offered != "refused"]) == 0
}

warn contains sprintf("tls%s cannot be negotiated", [data.params.tls.expected_version]) if {
	input.subject.encrypted == "tls"
	some version in input.subject.versions
	version.name == concat("", ["tls", data.params.tls.expected_version])
	version.offered == "refused"
}

# The names of versions sort by age.
old := [version.name |
	some version in input.subject.versions
	version.offered == "offered"
	version.name < concat("", ["tls", data.params.tls.min_version])
]

unsure := [version.name |
	some version in input.subject.versions
	version.offered == "unknown"
	version.name < concat("", ["tls", data.params.tls.min_version])
]
