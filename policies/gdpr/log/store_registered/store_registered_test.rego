package gdpr.log.store_registered_test

import data.gdpr.log.store_registered

keys(subject) := {d.key | some d in found} if {
	found := store_registered.deny with input.subject as subject
}

test_registered if keys({"category": "system", "owner": "team-orders"}) == set()

test_no_category if keys({"category": "unknown", "owner": "team-orders"}) == {"category"}

test_nothing if keys({"category": "unknown", "owner": ""}) == {"category", "owner"}
