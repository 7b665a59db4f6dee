# METADATA
# scope: package
# title: Every published port is documented, as far as it reaches
# description: Configuration opens ports long before anybody looks at a host; what is not in the register now will not be there then.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2), 32(1)(b)
# custom:
#   severity: medium
#   subject: port.published
#   facts: [register.port]
#   may_read: [firewall.exposure]
#   gdpr: ["5(2)", "32(1)(b)"]
#   params: [port.ignore_loopback]
#   remediation: Document the port in the register, or stop publishing it.
package gdpr.port.published_documented

import data.lib.scope
import data.lib.socket

# By its address: how far away one that is not of loopback can be reached from is
# often not known, and nothing that is asked here.
not_applicable contains "bound to loopback only" if {
	data.params.port.ignore_loopback
	loopback
}

not_applicable contains "reaches no address" if count(input.subject.families) == 0

deny contains {
	"msg": sprintf("%s is published and no register entry covers it", [socket.label(input.subject.protocol, span.from, span.to)]),
	"key": sprintf("%v-%v", [span.from, span.to]),
	"at": span,
	"expected": "a register entry",
	"actual": "none",
} if {
	some span in input.subject.undocumented
}

deny contains {
	"msg": sprintf("%s is published to %s, the register declares %s", [socket.label(input.subject.protocol, input.subject.port_from, input.subject.port_to), beyond(entry.exposure), entry.exposure]),
	"key": ref,
	"expected": entry.exposure,
	"actual": beyond(entry.exposure),
} if {
	some ref in input.subject.register
	entry := input.facts["register.port"][ref]
	not entry.exposure in {"", "internet"}
}

unknown contains sprintf("the entry %s does not say from how far away the port may be reached", [entry.id]) if {
	some ref in input.subject.register
	entry := input.facts["register.port"][ref]
	entry.exposure == ""
}

loopback if startswith(input.subject.address, "127.")

loopback if input.subject.address == "::1"

# Nothing is wider than the internet: who declares it is not asked how far it goes,
# which may not be known.
beyond(declared) := widest if scope.wider(widest, declared)

# Who gets through the filters, where that was worked out; else who has a route.
widest := scope.widest(admitted) if count(admitted) > 0

widest := input.subject.scope if count(admitted) == 0

admitted contains exposure.scope_v4 if {
	some ref in input.subject.exposure
	exposure := input.facts["firewall.exposure"][ref]
}

admitted contains exposure.scope_v6 if {
	some ref in input.subject.exposure
	exposure := input.facts["firewall.exposure"][ref]
}
