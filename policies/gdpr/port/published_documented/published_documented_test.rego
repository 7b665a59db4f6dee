package gdpr.port.published_documented_test

import data.gdpr.port.published_documented

published := {
	"protocol": "tcp", "port_from": 443, "port_to": 443, "scope": "internet", "families": ["ipv4"],
	"address": "", "undocumented": [], "register": ["register#web/443/tcp"], "exposure": [],
}

entry(exposure) := {"register.port": {"register#web/443/tcp": {"id": "web/443/tcp", "exposure": exposure}}}

keys(changed, exposure) := {d.key | some d in found} if {
	found := published_documented.deny with input.subject as object.union(published, changed)
		with input.facts as entry(exposure)
}

test_documented if keys({}, "internet") == set()

test_wider if keys({}, "internal") == {"register#web/443/tcp"}

test_undocumented if keys({"register": [], "undocumented": [{"from": 443, "to": 443}]}, "internet") == {"443-443"}

test_two_spans if {
	keys({"undocumented": [{"from": 1, "to": 9}, {"from": 11, "to": 20}]}, "internet") == {"1-9", "11-20"}
}

test_exposure_not_said if {
	keys({}, "") == set()
	count(published_documented.unknown) == 1 with input.subject as published
		with input.facts as entry("")
}

test_no_address if count(published_documented.not_applicable) == 1 with input.subject.families as []

loopback(ignored, address) := count(found) if {
	found := published_documented.not_applicable with input.subject as object.union(published, {"address": address})
		with data.params.port.ignore_loopback as ignored
}

test_loopback if {
	loopback(false, "127.0.0.1") == 0
	loopback(true, "127.0.0.53") == 1
	loopback(true, "::1") == 1
	loopback(true, "") == 0
	loopback(true, "192.0.2.127") == 0
}

filtered(v4, v6, declared) := object.union(entry(declared), {"firewall.exposure": {"c#lb/tcp/443": {"scope_v4": v4, "scope_v6": v6}}})

behind(v4, v6, declared) := {[d.key, d.actual] | some d in found} if {
	found := published_documented.deny with input.subject as object.union(published, {"exposure": ["c#lb/tcp/443"]})
		with input.facts as filtered(v4, v6, declared)
}

test_filter_decides if {
	behind("partner", "none", "partner") == set()
	behind("partner", "none", "internal") == {["register#web/443/tcp", "partner"]}
	behind("internal", "internet", "internal") == {["register#web/443/tcp", "internet"]}
	behind("none", "none", "internal") == set()
}
