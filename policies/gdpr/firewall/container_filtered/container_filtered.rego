# METADATA
# scope: package
# title: Published container ports obey the host's filter
# description: What a container engine forwards never passes the host's input chain, so a port that everybody takes for closed is open.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(b)
# custom:
#   severity: high
#   subject: firewall.exposure
#   gdpr: ["32(1)(b)"]
#   remediation: Filter in the chain that the engine leaves for it (DOCKER-USER), with a network policy, or publish the port on a narrower address of the host.
package gdpr.firewall.container_filtered

import data.lib.list
import data.lib.socket

not_applicable contains "not published for a container" if input.subject.via != "container"

deny contains {
	"msg": sprintf("%s of a container is reached by sources that the host's input chain refuses: %s", [socket.label(input.subject.protocol, input.subject.port_from, input.subject.port_to), list.short(input.subject.excess_container)]),
	"expected": "as the host's input chain",
	"actual": input.subject.excess_container,
} if {
	input.subject.via == "container"
	count(input.subject.excess_container) > 0
}
