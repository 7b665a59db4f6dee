package gdpr.transfer.region_permitted_test

import data.gdpr.transfer.region_permitted

countries := {"as_at": "2026-08-05", "age_days": 100, "rows": [
	{"country": "DE", "status": "eea"},
	{"country": "CH", "status": "adequate"},
]}

store := {"type": "bucket", "class": "personal", "country": "US", "region": "us-east-1", "dataset": ["register#orders"], "of": []}

entries(transfers) := {"register.dataset": {"register#orders": {"transfers": transfers}}, "data.store": {"c#db": {"dataset": ["register#orders"]}}}

messages(changed, facts, max_age) := {d.msg | some d in found} if {
	found := region_permitted.deny with input.subject as object.union(store, changed)
		with input.facts as facts
		with data.params.transfer.countries as countries
		with data.params.audit.table_max_age_days as max_age
}

scc := [{"country": "US", "mechanism": "SCC 2021/914"}]

test_eea if messages({"country": "DE"}, entries([]), 180) == set()

test_abroad if messages({}, entries([]), 180) == {"the bucket rests in US (us-east-1), outside the EEA, and no transfer entry covers it"}

test_documented if messages({}, entries(scc), 180) == set()

test_other_country_documented if count(messages({"country": "IN"}, entries(scc), 180)) == 1

test_without_mechanism if count(messages({}, entries([{"country": "US", "mechanism": ""}]), 180)) == 1

test_adequate_needs_an_entry if count(messages({"country": "CH"}, entries([]), 180)) == 1

test_in_no_dataset if count(messages({"dataset": []}, entries(scc), 180)) == 1

test_dataset_of_the_original if messages({"dataset": [], "of": ["c#db"]}, entries(scc), 180) == set()

test_old_table if {
	messages({}, entries([]), 99) == set()
	count(region_permitted.unknown) == 1 with input.subject as store
		with input.facts as entries([])
		with data.params.transfer.countries as countries
		with data.params.audit.table_max_age_days as 99
}

test_not_applicable if {
	count(region_permitted.not_applicable) == 1 with input.subject as {"class": "none", "country": "US"}
	count(region_permitted.not_applicable) == 1 with input.subject as {"class": "personal", "country": ""}
}

unsure(code) if {
	count(region_permitted.unknown) > 0 with input.subject as object.union(store, {"class": "unknown", "country": code})
		with input.facts as entries([])
		with data.params.transfer.countries as countries
		with data.params.audit.table_max_age_days as 180
}

test_class_unknown if {
	unsure("US")
	not unsure("DE")
}
