package gdpr.firewall.personal_data_private_test

import data.gdpr.firewall.personal_data_private

exposure := {
	"protocol": "tcp", "port_from": 443, "port_to": 443, "class": "personal", "verdict": "reachable",
	"scope_v4": "internet", "scope_v6": "none", "register": ["register#web"],
	"paths": [
		{"verdict": "reachable", "family": "ipv4", "cidr": "0.0.0.0/1", "group": "", "rules": []},
		{"verdict": "reachable", "family": "ipv4", "cidr": "128.0.0.0/1", "group": "", "rules": []},
	],
}

entry(exposed) := {"register.port": {"register#web": {"exposure": exposed}}}

messages(changed, facts) := {d.msg | some d in found} if {
	found := personal_data_private.deny with input.subject as object.union(exposure, changed)
		with input.facts as facts
}

test_declared if messages({}, entry("internet")) == set()

test_declared_internal if messages({}, entry("internal")) == {"tcp/443 is open to the internet, and the register declares internal"}

test_exposure_not_said if messages({}, entry("")) == {"tcp/443 is open to the internet, and the register declares no exposure"}

test_undocumented if messages({"register": []}, {}) == {"tcp/443 is open to the internet, and the register declares nothing"}

test_ipv6 if count(messages({"scope_v4": "none", "scope_v6": "internet"}, entry("internal"))) == 1

test_internal if messages({"scope_v4": "internal"}, entry("internal")) == set()

test_one_of_two_entries if {
	both := {"register.port": {"register#a": {"exposure": "internet"}, "register#b": {"exposure": "partner"}}}
	messages({"register": ["register#a", "register#b"]}, both) == {"tcp/443 is open to the internet, and the register declares partner"}
}

test_class_unknown if {
	messages({"class": "unknown"}, entry("internal")) == set()
	count(personal_data_private.unknown) == 1 with input.subject as object.union(exposure, {"class": "unknown"})
		with input.facts as entry("internal")
}

test_not_personal if count(personal_data_private.not_applicable) == 1 with input.subject.class as "none"

reasons(changed, facts) := found if {
	found := personal_data_private.unknown with input.subject as object.union(exposure, changed)
		with input.facts as facts
}

test_nothing_to_ask if {
	reasons({"class": "unknown", "scope_v4": "internal"}, entry("internal")) == set()
	reasons({"class": "unknown"}, entry("internet")) == set()
	reasons({"verdict": "unknown"}, entry("internet")) == set()
	reasons({"verdict": "unknown", "scope_v4": "none"}, entry("internal")) == {"who reaches it is not known"}
}

test_rules_that_admit if {
	paths := [{"verdict": "unreachable", "cidr": "", "rules": ["c#deny"]}, {"verdict": "reachable", "cidr": "0.0.0.0/0", "rules": ["c#allow"]}]
	some d in personal_data_private.deny with input.subject as object.union(exposure, {"paths": paths})
		with input.facts as entry("internal")
	d.rules == ["c#allow"]
}

test_public_block if {
	paths := [{"verdict": "reachable", "family": "ipv4", "cidr": "203.0.113.0/24", "group": "", "rules": []}]
	messages({"paths": paths}, entry("internal")) == {"tcp/443 is reached from public addresses that no network of the register calls internal or partner, and the register declares internal"}
}

test_all_others if {
	paths := [{"verdict": "reachable", "family": "ipv4", "cidr": "", "group": "", "rules": []}]
	messages({"paths": paths}, entry("internal")) == {"tcp/443 is open to the internet, and the register declares internal"}
}
