package gdpr.transfer.replica_permitted_test

import data.gdpr.transfer.replica_permitted

countries := {"as_at": "2026-08-05", "age_days": 100, "rows": [
	{"country": "DE", "status": "eea"},
	{"country": "CH", "status": "adequate"},
]}

store(replicas) := {"class": "personal", "replica_countries": replicas, "dataset": ["register#orders"], "of": []}

keys(replicas, transfers) := {d.key | some d in found} if {
	found := replica_permitted.deny with input.subject as store(replicas)
		with input.facts as {"register.dataset": {"register#orders": {"transfers": transfers}}}
		with data.params.transfer.countries as countries
		with data.params.audit.table_max_age_days as 180
}

test_eea if keys(["DE"], []) == set()

test_abroad if keys(["DE", "IN", "US"], []) == {"IN", "US"}

test_documented if keys(["IN", "US"], [{"country": "US", "mechanism": "SCC 2021/914"}]) == {"IN"}

test_old_table if {
	count(replica_permitted.unknown) == 1 with input.subject as store(["US"])
		with data.params.transfer.countries as countries
		with data.params.audit.table_max_age_days as 99
}

test_not_applicable if {
	count(replica_permitted.not_applicable) == 1 with input.subject as {"class": "personal", "replica_countries": []}
	count(replica_permitted.not_applicable) == 1 with input.subject as {"class": "none", "replica_countries": ["US"]}
}

test_without_mechanism if keys(["US"], [{"country": "US", "mechanism": ""}]) == {"US"}

test_in_no_dataset if {
	found := replica_permitted.deny with input.subject as object.union(store(["US"]), {"dataset": []})
		with input.facts as {}
		with data.params.transfer.countries as countries
		with data.params.audit.table_max_age_days as 180
	count(found) == 1
}

test_old_table_decides_nothing if {
	found := replica_permitted.deny with input.subject as store(["US"])
		with input.facts as {"register.dataset": {"register#orders": {"transfers": []}}}
		with data.params.transfer.countries as countries
		with data.params.audit.table_max_age_days as 99
	found == set()
}

unsure(replicas) if {
	count(replica_permitted.unknown) > 0 with input.subject as object.union(store(replicas), {"class": "unknown"})
		with input.facts as {"register.dataset": {"register#orders": {"transfers": []}}}
		with data.params.transfer.countries as countries
		with data.params.audit.table_max_age_days as 180
}

test_class_unknown if {
	unsure(["US"])
	not unsure(["DE"])
}
