# METADATA
# scope: package
# title: Listeners are as they should be
# description: A control without fault, which loads.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
# custom:
#   severity: high
#   subject: port.listener
#   facts: [firewall.exposure]
#   may_read: [register.port]
#   gdpr: ["32(1)(b)"]
#   remediation: Do what is right.
package acme.reference_of_set

deny contains {"msg": "x", "key": ref} if {
	some ref in open
	input.facts["firewall.exposure"][ref].ipv6 == "on"
}

open contains ref if {
	some ref in input.subject.exposure
	input.facts["firewall.exposure"][ref].verdict == "reachable"
}
