# METADATA
# scope: package
# title: Nothing with personal data is open to the internet unless the register says so
# description: What the whole world can reach, the whole world will try; being reachable from everywhere has to be decided, not to happen.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(2), 32(1)(b)
# custom:
#   severity: critical
#   subject: firewall.exposure
#   facts: [register.port]
#   gdpr: ["25(2)", "32(1)(b)"]
#   remediation: Restrict the sources, or declare the port with exposure = "internet" in the register and say why.
package gdpr.firewall.personal_data_private

import data.lib.class
import data.lib.socket

not_applicable contains "no personal data behind it" if input.subject.class == "none"

deny contains {
	"msg": sprintf("%s is %s, and the register declares %s", [socket.label(input.subject.protocol, input.subject.port_from, input.subject.port_to), reach, declared]),
	"expected": declared,
	"actual": "internet",
	"sources": [path.cidr |
		some path in input.subject.paths
		path.verdict != "unreachable"
		path.cidr != ""
	],
	"rules": [rule |
		some path in input.subject.paths
		path.verdict != "unreachable"
		some rule in path.rules
	],
} if {
	class.personal(input.subject.class)
	open
	not allowed
}

unknown contains sprintf("%s, and its class is not known", [reach]) if {
	input.subject.class == "unknown"
	open
	not allowed
}

unknown contains "who reaches it is not known" if {
	input.subject.verdict == "unknown"
	not allowed
}

open if input.subject.scope_v4 == "internet"

open if input.subject.scope_v6 == "internet"

# Every entry that covers the port declares it open.
allowed if {
	count(input.subject.register) > 0
	count(narrower) == 0
}

narrower contains exposure if {
	some ref in input.subject.register
	exposure := input.facts["register.port"][ref].exposure
	exposure != "internet"
}

declared := "nothing" if count(input.subject.register) == 0

declared := concat(" and ", [shown | some e in narrower; shown := described(e)]) if count(input.subject.register) > 0

described(exposure) := exposure if exposure != ""

described("") := "no exposure"

reach := "open to the internet" if everyone

reach := "reached from public addresses that no network of the register calls internal or partner" if not everyone

# All sources that no other path names.
everyone if {
	some path in input.subject.paths
	path.verdict != "unreachable"
	path.cidr == ""
	path.group == ""
}

# Blocks that no organisation holds.
everyone if {
	some path in input.subject.paths
	path.verdict != "unreachable"
	path.cidr != ""
	to_number(split(path.cidr, "/")[1]) < shortest[path.family]
}

shortest := {"ipv4": 8, "ipv6": 16}
