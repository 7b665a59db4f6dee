# METADATA
# scope: package
# title: IPv6 admits nobody that IPv4 refuses
# description: Rules are written for IPv4 and forgotten for IPv6; the second family is then a way around the first.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(b)
# custom:
#   severity: high
#   subject: firewall.exposure
#   gdpr: ["32(1)(b)"]
#   remediation: Mirror the rules of IPv4, or turn IPv6 off.
package gdpr.firewall.ipv6_as_strict

import data.lib.list
import data.lib.socket

not_applicable contains "no IPv6" if input.subject.ipv6 == "off"

deny contains {
	"msg": sprintf("%s is reached by IPv6 from %s, which IPv4 does not let in", [socket.label(input.subject.protocol, input.subject.port_from, input.subject.port_to), list.short(input.subject.excess_v6)]),
	"expected": "as by IPv4",
	"actual": input.subject.excess_v6,
} if {
	count(input.subject.excess_v6) > 0
}
