package gdpr.log.age_within_declared_test

import data.gdpr.log.age_within_declared

too_old(days) if {
	count(age_within_declared.deny) > 0 with input.subject as {"personal": true, "declared": {"max_days": 15}, "observed": [{"oldest_days": days}]}
		with data.params.log.tolerance_days as 3
}

test_within if not too_old(15)

test_tolerated if not too_old(18)

test_beyond if too_old(19)

test_empty if {
	not too_old(999999)
	count(age_within_declared.not_applicable) == 1 with input.subject as {"personal": true, "declared": {"max_days": 15}, "observed": [{"oldest_days": 999999}]}
}

test_not_asked if {
	count(age_within_declared.not_applicable) == 1 with input.subject as {"personal": true, "declared": {"max_days": 15}, "observed": []}
	count(age_within_declared.not_applicable) == 1 with input.subject as {"personal": true, "declared": {"max_days": 999999}, "observed": [{"oldest_days": 3}]}
	count(age_within_declared.not_applicable) == 1 with input.subject as {"personal": false, "declared": {"max_days": 15}, "observed": [{"oldest_days": 3}]}
}
