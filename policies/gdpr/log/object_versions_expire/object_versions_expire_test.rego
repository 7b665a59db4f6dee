package gdpr.log.object_versions_expire_test

import data.gdpr.log.object_versions_expire

store := {
	"type": "object",
	"object": {"expires_days": 90, "versioned": true, "noncurrent_days": 30, "abort_days": 7},
	"protection": {"lock_days": 0},
	"bounds": {"max_days": 365},
}

keys(subject) := {d.key | some d in found} if {
	found := object_versions_expire.deny with input.subject as subject
}

test_all_expire if keys(store) == set()

test_never if keys(object.union(store, {"object": {"expires_days": 999999, "noncurrent_days": 999999, "abort_days": 999999}})) == {"expiration", "versions", "uploads"}

test_no_versions if keys(object.union(store, {"object": {"versioned": false, "noncurrent_days": 999999}})) == set()

test_lock if {
	keys(object.union(store, {"protection": {"lock_days": 365}})) == set()
	keys(object.union(store, {"protection": {"lock_days": 366}})) == {"lock"}
}

test_other_store if count(object_versions_expire.not_applicable) == 1 with input.subject.type as "cloud_group"
