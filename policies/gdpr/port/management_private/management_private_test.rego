package gdpr.port.management_private_test

import data.gdpr.port.management_private

listener := {"id": "tcp/0.0.0.0:2375", "protocol": "tcp", "port": 2375, "scope": "internal", "authentication": "none", "exposure": ["host/db1#tcp/0.0.0.0:2375"]}

facts(verdict, residual) := {"firewall.exposure": {"host/db1#tcp/0.0.0.0:2375": {"verdict": verdict, "residual_admin": residual}}}

open := [{"cidr": "10.0.0.0/8", "certainty": "certain"}]

perhaps := [{"cidr": "10.0.0.0/8", "certainty": "possible"}]

found(set, changed, all) := sets if {
	sets := management_private[set] with input.subject as object.union(listener, changed)
		with input.facts as all
		with data.params.port.management_ports as [2375, 9229]
}

test_open if {
	some d in found("deny", {}, facts("reachable", open))
	d.actual == ["10.0.0.0/8"]
	found("not_applicable", {}, facts("reachable", open)) == set()
}

# More than a message lists.
test_many if {
	some d in found("deny", {}, facts("reachable", [{"cidr": sprintf("10.%d.0.0/16", [i]), "certainty": "certain"} | some i in numbers.range(0, 40)]))
	count(d.actual) == 41
}

test_private if count(found("not_applicable", {}, facts("reachable", []))) == 1

test_authenticated if {
	found("not_applicable", {"authentication": "certificate"}, facts("reachable", open)) == set()
	found("deny", {"authentication": "certificate"}, facts("reachable", open)) == set()
}

test_loopback if {
	count(found("not_applicable", {"scope": "loopback"}, facts("reachable", open))) == 1
	found("deny", {"scope": "loopback"}, facts("reachable", open)) == set()
}

test_other_port if {
	count(found("not_applicable", {"port": 443}, facts("reachable", open))) == 1
	found("deny", {"port": 443}, facts("reachable", open)) == set()
	count(found("not_applicable", {"protocol": "udp"}, facts("reachable", open))) == 1
}

test_perhaps if {
	count(found("unknown", {}, facts("reachable", perhaps))) == 1
	found("deny", {}, facts("reachable", perhaps)) == set()
}

test_undecided if {
	count(found("unknown", {}, facts("unknown", []))) == 1
	found("not_applicable", {}, facts("unknown", [])) == set()
}

test_not_collected if {
	count(found("unknown", {"exposure": []}, {})) == 1
	found("not_applicable", {"exposure": []}, {}) == set()
}
