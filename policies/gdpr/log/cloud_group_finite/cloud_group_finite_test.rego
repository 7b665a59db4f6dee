package gdpr.log.cloud_group_finite_test

import data.gdpr.log.cloud_group_finite

store := {
	"type": "cloud_group",
	"declared": {"min_days": 365, "max_days": 365},
	"bounds": {"min_days": 180, "max_days": 400},
}

keys(subject) := {d.key | some d in found} if {
	found := cloud_group_finite.deny with input.subject as subject
		with data.params.log.cloud_lag_days.cloudwatch as 3
}

test_inside_bounds if {
	keys(store) == set()
	count(cloud_group_finite.not_applicable) == 0 with input.subject as store
}

test_never_deletes if {
	keys(object.union(store, {"declared": {"min_days": 999999, "max_days": 999999}})) == {"unbounded"}
}

test_lag_counts if {
	keys(object.union(store, {"declared": {"max_days": 397}})) == set()
	keys(object.union(store, {"declared": {"max_days": 398}})) == {"maximum"}
}

test_too_short if keys(object.union(store, {"declared": {"min_days": 90, "max_days": 90}})) == {"minimum"}

test_other_store if {
	count(cloud_group_finite.not_applicable) == 1 with input.subject as {"type": "object"}
}
