# METADATA
# scope: package
# title: Hosts with confidential data connect only where they have to
# description: "Stolen data leave through the door nobody watches: the way out."
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(f), 32(1)(b), 44
# custom:
#   severity: medium
#   subject: firewall.chain
#   gdpr: ["5(1)(f)", "32(1)(b)", "44"]
#   params: [firewall.egress_allowed, firewall.egress_from_class]
#   remediation: List the destinations that are needed, and refuse the rest.
package gdpr.firewall.egress_restricted

import data.lib.class
import data.lib.list

not_applicable contains "not a filter of outgoing traffic" if input.subject.hook != "output"

not_applicable contains sprintf("no data of class %s or above", [data.params.firewall.egress_from_class]) if {
	class.rank[input.subject.class] < class.rank[data.params.firewall.egress_from_class]
}

deny contains {
	"msg": "outgoing connections that no rule matches are accepted",
	"key": "default",
	"expected": "drop",
	"actual": input.subject.default_verdict,
} if {
	input.subject.hook == "output"
	class.reaches(input.subject.class, data.params.firewall.egress_from_class)
	input.subject.default_verdict == "accept"
}

deny contains {
	"msg": sprintf("destinations are admitted that are not allowed: %s", [list.short(certain)]),
	"key": "destinations",
	"expected": data.params.firewall.egress_allowed,
	"actual": certain,
} if {
	input.subject.hook == "output"
	class.reaches(input.subject.class, data.params.firewall.egress_from_class)
	count(certain) > 0
}

unknown contains sprintf("destinations may be admitted that are not allowed: %s", [list.short(possible)]) if {
	input.subject.hook == "output"
	count(certain) == 0
	count(possible) > 0
}

unknown contains "the class of the data behind it is not known" if {
	input.subject.hook == "output"
	input.subject.class == "unknown"
}

certain := [d.cidr |
	some d in input.subject.residual_egress
	d.certainty == "certain"
	not allowed(d.cidr)
]

possible := [d.cidr |
	some d in input.subject.residual_egress
	d.certainty == "possible"
	not allowed(d.cidr)
]

allowed(cidr) if {
	some block in data.params.firewall.egress_allowed
	net.cidr_contains(block, cidr)
}
