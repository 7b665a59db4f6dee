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
#   params: [port.ignore_loopback, log.regimes.base.debug.max_days]
#   gdpr: ["32(1)(b)"]
#   remediation: Do what is right.
package acme.parameters

deny contains {"msg": sprintf("%d", [bounds.max_days])} if {
	regimes := data.params.log.regimes
	bounds := regimes.base[input.subject.class]
	bounds.max_days > 7
	not data.params.port.ignore_loopback
}
