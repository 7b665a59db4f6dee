package gdpr.log.retention_bounded_test

import data.gdpr.log.retention_bounded

fails(declared) if {
	count(retention_bounded.deny) > 0 with input.subject as {"personal": true, "declared": declared}
}

test_never_expires if fails({"bound": "none", "max_days": 999999})

test_by_size_only if fails({"bound": "size", "max_days": 999999})

test_by_time if not fails({"bound": "time", "max_days": 3650})

test_bound_unknown if {
	not fails({"bound": "unknown", "max_days": 999999})
	count(retention_bounded.unknown) == 1 with input.subject.declared.bound as "unknown"
}

test_not_personal if count(retention_bounded.not_applicable) == 1 with input.subject as {"personal": false}

test_others_judge if {
	count(retention_bounded.not_applicable) == 1 with input.subject as {"type": "topic", "personal": true}
	count(retention_bounded.not_applicable) == 1 with input.subject as {"type": "container", "personal": true}
}
