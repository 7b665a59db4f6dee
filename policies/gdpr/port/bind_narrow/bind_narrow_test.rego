package gdpr.port.bind_narrow_test

import data.gdpr.port.bind_narrow

listener(scope, exposure) := {"id": "tcp/0.0.0.0:5432", "scope": scope, "exposure": exposure, "register": ["register#db/5432/tcp"]}

facts(declared, verdict, v4, v6) := {
	"register.port": {"register#db/5432/tcp": {"id": "db/5432/tcp", "exposure": declared}},
	"firewall.exposure": {"host/db1#tcp/0.0.0.0:5432": {"verdict": verdict, "scope_v4": v4, "scope_v6": v6}},
}

found(set, subject, all) := sets if {
	sets := bind_narrow[set] with input.subject as subject
		with input.facts as all
}

filtered := ["host/db1#tcp/0.0.0.0:5432"]

test_open if {
	some d in found("deny", listener("internet", filtered), facts("internal", "reachable", "internet", "none"))
	d.actual == "internet"
}

test_open_by_ipv6 if count(found("deny", listener("internet", filtered), facts("internal", "reachable", "internal", "internet"))) == 1

test_filtered if found("deny", listener("internet", filtered), facts("internal", "reachable", "internal", "none")) == set()

test_bound if found("deny", listener("internal", filtered), facts("internal", "reachable", "internet", "none")) == set()

test_no_filter_known if {
	some d in found("deny", listener("internet", []), facts("internal", "reachable", "none", "none"))
	d.actual == "internet"
}

test_undecided if {
	count(found("unknown", listener("internet", filtered), facts("internal", "unknown", "none", "none"))) == 1
	found("unknown", listener("internal", filtered), facts("internal", "unknown", "none", "none")) == set()
	found("unknown", listener("internet", filtered), facts("internal", "reachable", "internal", "none")) == set()
}

test_nothing_declared if {
	count(found("unknown", listener("internet", []), facts("", "reachable", "none", "none"))) == 1
	found("deny", listener("internet", []), facts("", "reachable", "internet", "none")) == set()
	found("deny", listener("internet", filtered), facts("", "reachable", "internet", "none")) == set()
}

test_not_documented if {
	count(found("not_applicable", {"register": []}, {})) == 1
	found("not_applicable", listener("internet", []), facts("internal", "reachable", "none", "none")) == set()
}
