package gdpr.access.rights_reviewed_test

import data.gdpr.access.rights_reviewed

fails(days) if {
	count(rights_reviewed.deny) > 0 with input.subject as {"class": "personal", "access_reviewed_days": days, "access_reviewed_on": "2026-01-01"}
		with data.params.access.review_days as 180
}

test_reviewed if not fails(180)

test_long_ago if fails(181)

test_never if fails(999999)

test_not_personal if count(rights_reviewed.not_applicable) == 1 with input.subject.class as "none"
