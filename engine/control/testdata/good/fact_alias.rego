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
package acme.fact_alias

deny contains {"msg": sprintf("%s is %s", [exposure.id, exposure.verdict])} if {
	some ref in input.subject.exposure
	exposure := input.facts["firewall.exposure"][ref]
	exposure.verdict == "reachable"
	count(exposure.paths) > 0
}
