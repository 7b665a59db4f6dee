package gdpr.audit.notification_exercised_test

import data.gdpr.audit.notification_exercised

entry(route, days) := {"controller": "Example GmbH", "route": route, "drilled_on": "2026-09-01", "drilled_days": days}

found(set, entries) := results if {
	results := notification_exercised[set] with input.subject.notification as entries
		with data.params.audit as {"drill_max_days": 365, "notify_hours": 72}
}

keys(entries) := {d.key | some d in found("deny", entries)}

test_exercised if {
	keys([entry("on-call", 365)]) == set()
	found("unknown", [entry("on-call", 365)]) == set()
}

test_too_long_ago if keys([entry("on-call", 366)]) == {"drill Example GmbH"}

test_never if {
	some d in found("deny", [entry("on-call", 999999)])
	d.msg == "Example GmbH: a notification was never exercised"
	keys([entry("on-call", 999999)]) == {"drill Example GmbH"}
}

test_no_route if {
	some d in found("deny", [entry("", 10)])
	d.msg == "Example GmbH: alerts go nowhere, and a breach has to be notified within 72 hours"
	keys([entry("", 10)]) == {"route Example GmbH"}
}

test_each_controller if {
	other := object.union(entry("", 1), {"controller": "Other BV"})
	keys([entry("on-call", 400), other]) == {"drill Example GmbH", "route Other BV"}
}

test_nothing_said if {
	keys([]) == set()
	count(found("unknown", [])) == 1
}
