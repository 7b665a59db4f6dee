# METADATA
# scope: package
# title: Listeners are as they should be
# description: A control with one fault, which loading finds.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
# custom:
#   severity: high
#   subject: port.listener
#   facts: [firewall.exposure]
#   may_read: [register.port]
#   gdpr: ["32(1)(b)"]
#   remediation: Do what is right.
package acme.sample

deny contains {"msg": "x"} if {
	some e in input.subject.exposure
	input.facts[concat(".", ["firewall", "exposure"])][e].verdict == "reachable"
}
