package gdpr.log.retention_meets_minimum_test

import data.gdpr.log.retention_meets_minimum

store(days) := {
	"category": "security_audit",
	"declared": {"min_days": days},
	"bounds": {"min_days": 180, "must_declare": false, "origin": []},
}

test_too_short if count(retention_meets_minimum.deny) == 1 with input.subject as store(179)

test_long_enough if count(retention_meets_minimum.deny) == 0 with input.subject as store(180)

test_period_not_declared if {
	count(retention_meets_minimum.unknown) == 1 with input.subject.bounds as {"must_declare": true, "min_days": 0}
}

test_other_category if count(retention_meets_minimum.not_applicable) == 1 with input.subject.category as "debug"

test_category_unknown if count(retention_meets_minimum.not_applicable) == 0 with input.subject.category as "unknown"
