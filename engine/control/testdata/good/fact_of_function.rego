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
package acme.fact_of_function

deny contains {"msg": "x", "severity": severity} if {
	some exposure in exposures
	exposure.verdict == "reachable"
	severity := weight(exposure)
}

exposures := [exposure_of(ref) | some ref in input.subject.exposure]

exposure_of(ref) := input.facts["firewall.exposure"][ref]

default weight(_) := "low"

weight(exposure) := "high" if exposure.scope_v4 == "internet"

weight(exposure) := "medium" if exposure.scope_v4 == "partner"
