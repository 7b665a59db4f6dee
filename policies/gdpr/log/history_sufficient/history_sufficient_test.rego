package gdpr.log.history_sufficient_test

import data.gdpr.log.history_sufficient

short(exists, oldest) if {
	count(history_sufficient.deny) > 0 with input.subject as {"category": "security_audit", "bounds": {"min_days": 180}, "observed": [{"exists_days": exists, "oldest_days": oldest}]}
}

test_short if short(300, 40)

test_empty if short(300, 999999)

test_enough if not short(300, 180)

test_young if {
	not short(100, 40)
	count(history_sufficient.not_applicable) == 1 with input.subject as {"category": "security_audit", "bounds": {"min_days": 180}, "observed": [{"exists_days": 100}]}
}

test_other_category if count(history_sufficient.not_applicable) == 1 with input.subject as {"category": "debug", "bounds": {"min_days": 0}, "observed": [{"exists_days": 100}]}

test_unseen if count(history_sufficient.not_applicable) == 1 with input.subject as {"category": "security_audit", "bounds": {"min_days": 180}, "observed": []}
