package gdpr.port.reach_declared_test

import data.gdpr.port.reach_declared

scanned(state, vantage, register) := {"id": "tcp/192.0.2.7:5432", "state": state, "vantage": {"id": "probe1", "scope": vantage}, "register": register}

entries(exposure) := {"register.port": {"register#db/5432/tcp": {"id": "db/5432/tcp", "exposure": exposure}}}

found(set, subject, exposure) := sets if {
	sets := reach_declared[set] with input.subject as subject
		with input.facts as entries(exposure)
		with data.params.port.internal_severity as "high"
}

declared := ["register#db/5432/tcp"]

test_wider if {
	some d in found("deny", scanned("open", "internet", declared), "internal")
	d.severity == "critical"
	d.key == "register#db/5432/tcp"
}

test_wider_inside if {
	some d in found("deny", scanned("open", "internal", declared), "host")
	d.severity == "high"
}

test_as_wide if {
	found("deny", scanned("open", "internal", declared), "internal") == set()
	found("unknown", scanned("open", "internal", declared), "internal") == set()
}

test_narrower if found("deny", scanned("open", "internal", declared), "internet") == set()

test_undocumented if {
	some d in found("deny", scanned("open", "internal", []), "internal")
	d.expected == "loopback"
}

test_undocumented_at_home if found("deny", scanned("open", "loopback", []), "internal") == set()

test_shut if {
	every state in ["closed", "filtered"] {
		count(found("not_applicable", scanned(state, "internet", []), "internal")) == 1
		found("deny", scanned(state, "internet", []), "internal") == set()
	}
}

test_open_is_judged if found("not_applicable", scanned("open", "internet", []), "internal") == set()

test_undecided if {
	count(found("unknown", scanned("unknown", "internet", []), "internal")) == 1
	found("deny", scanned("unknown", "internet", []), "internal") == set()
}

test_nothing_declared if {
	count(found("unknown", scanned("open", "internet", declared), "")) == 1
	found("deny", scanned("open", "internet", declared), "") == set()
}
