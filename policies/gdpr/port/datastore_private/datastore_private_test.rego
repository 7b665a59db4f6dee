package gdpr.port.datastore_private_test

import data.gdpr.port.datastore_private

exposure := {
	"protocol": "tcp", "port_from": 5432, "port_to": 5432, "product": "", "store": [],
	"verdict": "reachable", "scope_v4": "internet", "scope_v6": "none",
}

with_ports(changed) := found if {
	found := datastore_private.deny with input.subject as object.union(exposure, changed)
		with data.params.port.datastore_ports as [5432, 6379, 11211]
}

applies(changed) if {
	count(datastore_private.not_applicable) == 0 with input.subject as object.union(exposure, changed)
		with data.params.port.datastore_ports as [5432, 6379, 11211]
}

test_open if {
	count(with_ports({})) == 1
	count(with_ports({"scope_v4": "internal", "scope_v6": "internet"})) == 1
}

test_private if count(with_ports({"scope_v4": "internal"})) == 0

test_range if {
	some d in with_ports({"port_from": 1000, "port_to": 7000})
	d.ports == [5432, 6379]
}

test_known_by_product if count(with_ports({"port_from": 15432, "port_to": 15432, "product": "postgres"})) == 1

test_known_by_store if count(with_ports({"port_from": 443, "port_to": 443, "store": ["c#t"]})) == 1

test_other if not applies({"port_from": 443, "port_to": 443})

test_datagrams if {
	not applies({"protocol": "udp", "port_from": 5000, "port_to": 6000})
	applies({"protocol": "udp", "port_from": 11211, "port_to": 11211})
}

test_no_ports if not applies({"protocol": "icmp", "port_from": 0, "port_to": 0})

test_range_around if {
	some d in with_ports({"port_from": 5432, "port_to": 6379})
	d.ports == [5432, 6379]
	not applies({"port_from": 5433, "port_to": 6378})
	not applies({"protocol": "udp", "port_from": 11212, "port_to": 20000})
	not applies({"protocol": "sctp", "port_from": 11211, "port_to": 11211})
}

test_datagrams_not_listed if {
	count(datastore_private.not_applicable) == 1 with input.subject as object.union(exposure, {"protocol": "udp", "port_from": 11211, "port_to": 11211})
		with data.params.port.datastore_ports as [5432]
}
