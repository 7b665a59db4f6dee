package gdpr.log.retention_determinable_test

import data.gdpr.log.retention_determinable

fails(subject) if {
	count(retention_determinable.deny) > 0 with input.subject as subject
}

test_no_mechanism if fails({"personal": true, "declared": {"bound": "unknown", "max_days": 999999}})

test_time_bound if not fails({"personal": true, "declared": {"bound": "time", "max_days": 90}})

test_known_to_be_endless if not fails({"personal": true, "declared": {"bound": "none", "max_days": 999999}})

test_not_personal if count(retention_determinable.not_applicable) == 1 with input.subject as {"personal": false}
