# METADATA
# scope: package
# title: Only strong cipher suites can be negotiated
# description: A suite without forward secrecy lets whoever records today read later; one without authenticated encryption can be tampered with.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a)
#   - ref: https://www.rfc-editor.org/rfc/rfc9325
#     description: RFC 9325, 4.2
# custom:
#   severity: medium
#   subject: tls.endpoint
#   gdpr: ["32(1)(a)"]
#   params: [audit.table_max_age_days, tls.baseline, tls.baselines]
#   remediation: Restrict the list of suites, or choose a newer policy of the provider.
package gdpr.tls.suites_strong

import data.lib.list

not_applicable contains "does not speak TLS" if input.subject.encrypted != "tls"

deny contains {
	"msg": sprintf("suites outside the baseline %s can be negotiated: %s", [data.params.tls.baseline, list.short(outside)]),
	"key": "baseline",
	"expected": data.params.tls.baseline,
	"actual": outside,
	"table_as_at": data.params.tls.baselines.as_at,
} if {
	input.subject.encrypted == "tls"
	not outdated
	count(outside) > 0
}

deny contains {
	"msg": sprintf("suites without forward secrecy or authenticated encryption can be negotiated: %s", [list.short(weak)]),
	"key": "weak",
	"expected": "ECDHE or DHE, with GCM, CCM or ChaCha20-Poly1305",
	"actual": weak,
} if {
	input.subject.encrypted == "tls"
	count(weak) > 0
}

unknown contains "not all suites were asked for" if {
	input.subject.encrypted == "tls"
	not input.subject.suites_complete
}

unknown contains "no suite is known that can be negotiated" if {
	input.subject.encrypted == "tls"
	count(input.subject.suites) == 0
}

unknown contains sprintf("the list of suites of the baseline %s is not in the table", [data.params.tls.baseline]) if {
	input.subject.encrypted == "tls"
	not baseline
}

unknown contains sprintf("the table of baselines is %v days old", [data.params.tls.baselines.age_days]) if {
	input.subject.encrypted == "tls"
	outdated
}

# Those that are weak are named apart.
outside := [suite |
	allowed := baseline
	some suite in input.subject.suites
	strong(suite)
	not suite in allowed
]

weak := [suite |
	some suite in input.subject.suites
	not strong(suite)
]

strong(suite) if {
	regex.match(`^TLS_(AES|CHACHA20|ECDHE|DHE|ECCPWD)_`, suite)
	regex.match(`_(GCM|CCM|CCM_8|POLY1305)(_|$)`, suite)
}

baseline := row.suites if {
	some row in data.params.tls.baselines.rows
	row.id == data.params.tls.baseline
	row.complete
}

outdated if data.params.tls.baselines.age_days > data.params.audit.table_max_age_days
