package gdpr.tls.renewed_in_time_test

import data.gdpr.tls.renewed_in_time

observed(left, validity) := {"certificates": [{"not_after": "2026-12-01T00:00:00Z", "left_days": left, "validity_days": validity}], "config": []}

served(left, validity) := count(found) if {
	found := renewed_in_time.deny with input.subject as observed(left, validity)
		with data.params.tls.renew_before_days as 21
}

test_in_time if {
	served(21, 90) == 0
	served(16, 48) == 0
}

test_late if {
	served(20, 90) == 1
	served(15, 48) == 1
	served(0, 90) == 1
}

test_ended if served(-1, 90) == 1

test_none if count(renewed_in_time.not_applicable) == 1 with input.subject.certificates as []

asked(before, validity) := {d.key | some d in found} if {
	found := renewed_in_time.deny with input.subject as {"certificates": [], "config": ["config/a#web"]}
		with input.facts as {"tls.config": {"config/a#web": {"certificates": [{"origin": "Certificate/web", "renew_before_seconds": before, "validity_seconds": validity}]}}}
		with data.params.tls.renew_before_days as 21
}

test_asked_in_time if {
	asked(2592000, 7776000) == set()
	asked(28800, 86400) == set()
	asked(33, 100) == set()
}

test_asked_late if asked(172800, 7776000) == {"Certificate/web"}

test_never if asked(0, 7776000) == {"Certificate/web"}
