package gdpr.log.retention_meets_minimum_test

import data.gdpr.log.retention_meets_minimum

store(days, remote) := {
	"category": "security_audit",
	"declared": {"min_days": days},
	"bounds": {"min_days": 180, "must_declare": false, "origin": []},
	"protection": {"remote": remote},
}

copy(days) := {"log.store": {"c#archive": {"declared": {"min_days": days}}}}

messages(subject, facts) := {d.msg | some d in found} if {
	found := retention_meets_minimum.deny with input.subject as subject
		with input.facts as facts
}

test_too_short if messages(store(179, []), {}) == {"records are certain to be there for 179 days, 180 are demanded"}

test_long_enough if messages(store(180, []), {}) == set()

test_copy if {
	messages(store(30, ["c#archive"]), copy(365)) == set()
	messages(store(30, ["c#archive"]), copy(90)) == {"records are certain to be there for 30 days (in copies 90), 180 are demanded"}
}

test_period_not_declared if {
	count(retention_meets_minimum.unknown) == 1 with input.subject.bounds as {"must_declare": true, "min_days": 0}
}

test_other_category if count(retention_meets_minimum.not_applicable) == 1 with input.subject.category as "debug"

test_category_unknown if count(retention_meets_minimum.not_applicable) == 0 with input.subject.category as "unknown"

test_copy_at_the_limit if messages(store(30, ["c#archive"]), copy(180)) == set()

test_nothing_to_declare if {
	count(retention_meets_minimum.unknown) == 0 with input.subject.bounds as {"must_declare": true, "min_days": 90}
	count(retention_meets_minimum.unknown) == 0 with input.subject.bounds as {"must_declare": false, "min_days": 0}
}
