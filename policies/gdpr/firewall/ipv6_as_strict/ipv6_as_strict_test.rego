package gdpr.firewall.ipv6_as_strict_test

import data.gdpr.firewall.ipv6_as_strict

fails(excess) if {
	count(ipv6_as_strict.deny) > 0 with input.subject as {"protocol": "tcp", "port_from": 22, "port_to": 22, "ipv6": "on", "excess_v6": excess}
}

test_excess if fails(["::/0"])

test_same if not fails([])

test_off if count(ipv6_as_strict.not_applicable) == 1 with input.subject.ipv6 as "off"
