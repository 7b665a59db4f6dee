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
package acme.reads_own_set_in_head

deny contains {"msg": "x"} if input.subject.tls == "none"

unknown contains "nothing is wrong, and the owner is not known" if {
	failures == 0
	input.subject.attribution == "none"
}

failures := count(deny)
