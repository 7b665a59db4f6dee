# METADATA
# scope: package
# title: Only declared sources reach a port
# description: Every address that may come in and is not in the register is one that nobody decided to let in.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(2), 32(1)(b)
# custom:
#   severity: high
#   subject: firewall.exposure
#   facts: [register.port]
#   gdpr: ["25(2)", "32(1)(b)"]
#   remediation: Add the source to the register entry, or remove it from the rule.
package gdpr.firewall.known_sources

import data.lib.list
import data.lib.socket

not_applicable contains "nobody reaches it" if input.subject.verdict == "unreachable"

not_applicable contains "the register declares it open to the internet" if {
	count(input.subject.register) > 0
	count(narrower) == 0
}

deny contains {
	"msg": sprintf("%s is reached by sources that the register does not declare: %s", [socket.label(input.subject.protocol, input.subject.port_from, input.subject.port_to), list.short(certain)]),
	"expected": "declared sources only",
	"actual": certain,
} if {
	some source in input.subject.residual
	source.certainty == "certain"
}

unknown contains sprintf("sources that the register does not declare may reach it: %s", [list.short(possible)]) if {
	count(certain) == 0
	count(possible) > 0
}

unknown contains "who reaches it is not known" if input.subject.verdict == "unknown"

certain := [named(source.cidr, source.group) |
	some source in input.subject.residual
	source.certainty == "certain"
]

possible := [named(source.cidr, source.group) |
	some source in input.subject.residual
	source.certainty == "possible"
]

named(cidr, _) := cidr if cidr != ""

named("", group) := sprintf("members of %s", [group])

narrower contains ref if {
	some ref in input.subject.register
	input.facts["register.port"][ref].exposure != "internet"
}
