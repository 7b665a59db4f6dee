package gdpr.log.rotation_runs_test

import data.gdpr.log.rotation_runs

keys(enabled, days) := {d.key | some d in entries} if {
	entries := rotation_runs.deny with input.subject as {
		"type": "file",
		"rotation": [{"rule": "/var/log/a", "enabled": enabled, "last_run": "2026-11-20T00:00:00Z", "last_run_days": days, "period_days": 7}],
	}
		with data.params.log.missed_periods as 2
}

test_runs if keys(true, 14) == set()

test_never_yet if keys(true, 999999) == set()

test_off if keys(false, 3) == {"off"}

test_late if keys(true, 15) == {"late"}

test_future if keys(true, -2) == {"future"}

test_others if {
	count(rotation_runs.not_applicable) == 1 with input.subject as {"type": "file", "rotation": []}
	count(rotation_runs.not_applicable) == 1 with input.subject as {"type": "journal", "rotation": [{"enabled": true}]}
}
