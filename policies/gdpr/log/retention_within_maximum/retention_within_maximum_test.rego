package gdpr.log.retention_within_maximum_test

import data.gdpr.log.retention_within_maximum

fails(days) if {
	count(retention_within_maximum.deny) > 0 with input.subject as {"type": "object", "declared": {"max_days": days}, "bounds": {"max_days": 90, "origin": []}}
		with data.params.log.tolerance_days as 3
}

test_within if not fails(90)

test_tolerated if not fails(93)

test_beyond if fails(94)

test_unbounded if count(retention_within_maximum.not_applicable) == 1 with input.subject as {"personal": true, "declared": {"max_days": 999999}}

test_not_personal if count(retention_within_maximum.not_applicable) == 1 with input.subject as {"personal": false, "declared": {"max_days": 90}}

test_cloud_group if {
	count(retention_within_maximum.not_applicable) == 1 with input.subject as {"type": "cloud_group", "personal": true, "declared": {"max_days": 400}}
	count(retention_within_maximum.not_applicable) == 1 with input.subject as {"type": "topic", "personal": true, "declared": {"max_days": 400}}
}
