package gdpr.firewall.traffic_logged_test

import data.gdpr.firewall.traffic_logged

path(verdict, logged, rate) := {"verdict": verdict, "logged": logged, "log_per_second": rate}

keys(class, paths, sampled) := {d.key | some d in found} if {
	found := traffic_logged.deny with input.subject as {"protocol": "tcp", "port_from": 443, "port_to": 443, "class": class, "paths": paths}
		with data.params.firewall as {"log_accept_from_class": "personal", "log_min_per_second": 1, "allow_sampled": sampled}
}

test_all_recorded if keys("personal", [path("reachable", "yes", 0), path("unreachable", "yes", 0)], true) == set()

test_nothing_recorded if keys("personal", [path("reachable", "no", 0), path("unreachable", "no", 0)], true) == {"accepted", "denied"}

test_refused_only_for_lower_classes if keys("none", [path("reachable", "no", 0), path("unreachable", "no", 0)], true) == {"denied"}

test_sample if {
	keys("personal", [path("reachable", "sampled", 5)], true) == set()
	keys("personal", [path("reachable", "sampled", 0.5)], true) == {"sampled"}
	keys("personal", [path("reachable", "sampled", 5)], false) == {"sampled"}
	keys("none", [path("reachable", "sampled", 0.5)], true) == set()
}

test_verdict_unknown if {
	keys("personal", [path("unknown", "no", 0)], true) == set()
	count(traffic_logged.unknown) == 1 with input.subject as {"class": "personal", "paths": [path("unknown", "no", 0)]}
}

test_loopback if {
	count(traffic_logged.not_applicable) == 1 with input.subject as {"scope_v4": "loopback", "scope_v6": "none"}
	count(traffic_logged.not_applicable) == 0 with input.subject as {"scope_v4": "none", "scope_v6": "none"}
	count(traffic_logged.not_applicable) == 0 with input.subject as {"scope_v4": "loopback", "scope_v6": "internal"}
}

reasons(class, paths) := found if {
	found := traffic_logged.unknown with input.subject as {"class": class, "paths": paths}
}

test_nothing_to_ask if {
	reasons("personal", [path("unknown", "yes", 0)]) == set()
	reasons("personal", [path("reachable", "no", 0)]) == set()
	reasons("unknown", [path("unreachable", "no", 0)]) == set()
	reasons("unknown", [path("reachable", "yes", 0)]) == set()
	reasons("unknown", [path("reachable", "no", 0)]) == {"accepted connections are not recorded, and the class of the data is not known"}
}

test_sample_at_the_limit if keys("personal", [path("reachable", "sampled", 1)], true) == set()
