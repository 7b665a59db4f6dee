# METADATA
# scope: package
# title: Administration is reached only from administration networks
# description: Whoever reaches the login of an administrator can try passwords, keys and bugs until one works.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(b)
# custom:
#   severity: high
#   subject: firewall.exposure
#   gdpr: ["32(1)(b)"]
#   params: [firewall.admin_ports]
#   remediation: Restrict the rule to the administration networks, and mark those as admin in the register.
package gdpr.firewall.admin_restricted

import data.lib.list
import data.lib.socket

not_applicable contains "not a port of administration" if not administration

deny contains {
	"msg": sprintf("%s is reached from outside the administration networks: %s", [socket.label(input.subject.protocol, input.subject.port_from, input.subject.port_to), list.short(certain)]),
	"expected": "administration networks",
	"actual": certain,
} if {
	administration
	some source in input.subject.residual_admin
	source.certainty == "certain"
}

unknown contains sprintf("sources outside the administration networks may reach it: %s", [list.short(possible)]) if {
	administration
	count(certain) == 0
	count(possible) > 0
}

unknown contains "who reaches it is not known" if {
	administration
	input.subject.verdict == "unknown"
}

# A file transfer service on the port of SSH is none.
administration if {
	input.subject.protocol in {"tcp", "any"}
	input.subject.product != "sftp"
	some port in data.params.firewall.admin_ports
	port >= input.subject.port_from
	port <= input.subject.port_to
}

administration if input.subject.product in {"kubernetes", "rdp", "ssh", "winrm"}

certain := [named(source.cidr, source.group) |
	some source in input.subject.residual_admin
	source.certainty == "certain"
]

possible := [named(source.cidr, source.group) |
	some source in input.subject.residual_admin
	source.certainty == "possible"
]

named(cidr, _) := cidr if cidr != ""

named("", group) := sprintf("members of %s", [group])
