package gdpr.log.statement_data_limited_test

import data.gdpr.log.statement_data_limited

source := {
	"type": "database", "enabled": true, "settings": [],
	"fields": [{"name": "statement", "form": "full"}],
	"stores": ["c#g"],
}

kept(days) := {"log.store": {"c#g": {"id": "g", "declared": {"max_days": days}, "bounds": {"max_days": 90}}}}

keys(changed, facts) := {d.key | some d in found} if {
	found := statement_data_limited.deny with input.subject as object.union(source, changed)
		with input.facts as facts
}

test_too_long if keys({}, kept(91)) == {"c#g"}

test_short if keys({}, kept(90)) == set()

test_no_statements if keys({"fields": [{"name": "client_address", "form": "full"}]}, kept(400)) == set()

test_hashed if keys({"fields": [{"name": "statement", "form": "hashed"}]}, kept(400)) == set()

test_no_store if {
	count(statement_data_limited.unknown) == 1 with input.subject as object.union(source, {"stores": []})
}

test_not_applicable if {
	count(statement_data_limited.not_applicable) == 1 with input.subject as {"type": "web", "enabled": true}
	count(statement_data_limited.not_applicable) == 1 with input.subject as {"type": "database", "enabled": false}
}

test_no_store_and_no_statements if {
	count(statement_data_limited.unknown) == 0 with input.subject as object.union(source, {"stores": [], "fields": []})
}
