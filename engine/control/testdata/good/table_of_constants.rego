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
package acme.table_of_constants

deny contains {"msg": "x"} if rank[input.subject.scope] > rank.host

rank := {"loopback": 0, "host": 1, "internal": 2, "partner": 3, "internet": 4}
