package gdpr.log.index_expires_test

import data.gdpr.log.index_expires

keys(bound, days) := {d.key | some d in entries} if {
	entries := index_expires.deny with input.subject as {"type": "index", "personal": true, "declared": {"bound": bound, "max_days": days}, "bounds": {"max_days": 90}}
		with data.params.log.tolerance_days as 3
}

test_unbounded if keys("none", 999999) == {"unbounded"}

test_too_long if keys("time", 94) == {"too_long"}

test_within if keys("time", 93) == set()

test_unknown if {
	keys("unknown", 999999) == set()
	count(index_expires.unknown) == 1 with input.subject as {"type": "index", "declared": {"bound": "unknown"}}
}

test_others if {
	count(index_expires.not_applicable) == 1 with input.subject as {"type": "file", "personal": true}
	count(index_expires.not_applicable) == 1 with input.subject as {"type": "index", "personal": false}
}
