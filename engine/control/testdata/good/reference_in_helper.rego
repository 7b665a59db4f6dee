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
package acme.reference_in_helper

deny contains {"msg": "x", "key": ref} if {
	some ref in input.subject.exposure
	reachable(ref)
}

reachable(ref) if input.facts["firewall.exposure"][ref].verdict == "reachable"
