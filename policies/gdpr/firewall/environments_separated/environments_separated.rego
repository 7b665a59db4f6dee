# METADATA
# scope: package
# title: Production stores are reached from production only
# description: Test systems hold old versions, weak passwords and many hands; with a path to production data they are a way in.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(1), 32(1)(b)
# custom:
#   severity: high
#   subject: firewall.exposure
#   facts: [data.store]
#   gdpr: ["25(1)", "32(1)(b)"]
#   params: [data.environments.production]
#   remediation: Separate the networks of the environments, and name the environment of each network in the register.
package gdpr.firewall.environments_separated

import data.lib.socket

not_applicable contains "no data store behind it" if count(input.subject.store) == 0

not_applicable contains sprintf("%s is not production", [input.target.environment]) if {
	input.target.environment != ""
	not input.target.environment in data.params.data.environments.production
}

deny contains {
	"msg": sprintf("%s of %s is reached from %s", [socket.label(input.subject.protocol, input.subject.port_from, input.subject.port_to), concat(", ", stores), concat(", ", foreign)]),
	"expected": input.target.environment,
	"actual": foreign,
} if {
	input.target.environment in data.params.data.environments.production
	count(input.subject.store) > 0
	count(foreign) > 0
}

unknown contains "the register does not say which environment this is" if input.target.environment == ""

unknown contains "the environment of a network that reaches it is not known" if "unknown" in input.subject.source_environments

foreign := [environment |
	some environment in input.subject.source_environments
	environment != "unknown"
	not environment in data.params.data.environments.production
]

stores := [input.facts["data.store"][ref].id | some ref in input.subject.store]
