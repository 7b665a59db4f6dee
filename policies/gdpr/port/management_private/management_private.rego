# METADATA
# scope: package
# title: Debug and management ports without a login are private
# description: A debugger, a container engine or a node agent that asks nobody for a name gives whoever reaches it everything the service has.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(2), 32(1)(b)
# custom:
#   severity: high
#   subject: port.listener
#   facts: [firewall.exposure]
#   gdpr: ["25(2)", "32(1)(b)"]
#   params: [port.management_ports]
#   remediation: Bind the service to loopback, let it ask for authentication, or restrict its sources to the administration networks.
package gdpr.port.management_private

import data.lib.list

not_applicable contains "not a debug or management port" if not management

not_applicable contains "bound to loopback" if input.subject.scope == "loopback"

not_applicable contains "no source outside the administration networks reaches it" if {
	count(input.subject.exposure) > 0
	count(certain) == 0
	count(possible) == 0
	count(undecided) == 0
}

deny contains {
	"msg": sprintf("%s asks for no authentication and is reached from outside the administration networks: %s", [input.subject.id, list.short(certain)]),
	"expected": "authentication, or administration networks only",
	"actual": certain,
} if {
	management
	input.subject.scope != "loopback"
	input.subject.authentication == "none"
	count(certain) > 0
}

unknown contains sprintf("sources outside the administration networks may reach it: %s", [list.short(possible)]) if {
	management
	input.subject.authentication == "none"
	count(certain) == 0
	count(possible) > 0
}

unknown contains "who reaches it is not known" if {
	management
	input.subject.authentication == "none"
	count(input.subject.exposure) == 0
}

unknown contains "who reaches it is not known" if {
	management
	input.subject.authentication == "none"
	count(undecided) > 0
}

management if {
	input.subject.protocol == "tcp"
	input.subject.port in data.params.port.management_ports
}

certain := [source.cidr |
	some ref in input.subject.exposure
	some source in input.facts["firewall.exposure"][ref].residual_admin
	source.certainty == "certain"
]

possible := [source.cidr |
	some ref in input.subject.exposure
	some source in input.facts["firewall.exposure"][ref].residual_admin
	source.certainty == "possible"
]

undecided := {ref |
	some ref in input.subject.exposure
	input.facts["firewall.exposure"][ref].verdict == "unknown"
}
