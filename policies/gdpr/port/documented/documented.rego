# METADATA
# scope: package
# title: Every listening port is documented
# description: A port that nobody documented cannot be justified, so it cannot be defended either.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2), 32(1)(b)
# custom:
#   severity: high
#   subject: port.listener
#   facts: [register.port]
#   gdpr: ["5(2)", "32(1)(b)"]
#   params: [port.ignore_loopback, port.skip_ephemeral_udp]
#   remediation: Document the port in the register, or stop the service.
package gdpr.port.documented

import data.lib.list

not_applicable contains "bound to loopback only" if {
	data.params.port.ignore_loopback
	input.subject.scope == "loopback"
}

not_applicable contains "an ephemeral datagram socket, the near end of an exchange" if {
	data.params.port.skip_ephemeral_udp
	input.subject.protocol == "udp"
	input.subject.ephemeral
}

deny contains {
	"msg": sprintf("%s is listening%s, and no register entry covers it", [input.subject.id, held]),
	"expected": "a register entry",
	"actual": "none",
	"owners": [{"exe": owner.exe, "unit": owner.unit, "user": owner.user} | some owner in input.subject.owners],
} if {
	count(input.subject.register) == 0
}

# By whom, which the message tells if it is known.
held := sprintf(" (%s)", [list.short(programs)]) if count(programs) > 0

held := "" if count(programs) == 0

programs := [owner.exe | some owner in input.subject.owners; owner.exe != ""]
