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
package acme.reference_of_reference

deny contains {"msg": "x"} if {
	some e in input.subject.exposure
	some r in input.facts["firewall.exposure"][e].register
	input.facts["register.port"][r].purpose == ""
}
