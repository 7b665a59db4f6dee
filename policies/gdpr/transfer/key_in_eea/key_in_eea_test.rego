package gdpr.transfer.key_in_eea_test

import data.gdpr.transfer.key_in_eea

countries := {"as_at": "2026-08-05", "age_days": 100, "rows": [
	{"country": "DE", "status": "eea"},
	{"country": "CH", "status": "adequate"},
]}

store := {
	"dataset": ["register#orders"], "service": ["register#orders-db"],
	"encryption": {"state": "encrypted"},
	"key": {"country": "DE", "holder": ""},
}

facts(relies, country) := {
	"register.dataset": {"register#orders": {"transfers": [{"country": "US", "processor": ["register#cloud"]}]}},
	"register.service": {"register#orders-db": {"processor": []}},
	"register.processor": {"register#cloud": {"name": "cloud", "country": country, "relies_on_encryption": relies}},
}

keys(changed, known, adequate) := {d.key | some d in found} if {
	found := key_in_eea.deny with input.subject as object.union(store, changed)
		with input.facts as known
		with data.params.transfer.countries as countries
		with data.params.transfer.accept_adequate as adequate
		with data.params.audit.table_max_age_days as 180
}

test_own_key_in_eea if keys({}, facts(true, "US"), false) == set()

test_key_abroad if keys({"key": {"country": "US"}}, facts(true, "US"), false) == {"country"}

test_holder_abroad if keys({"key": {"holder": "cloud"}}, facts(true, "US"), false) == {"holder"}

test_holder_in_eea if keys({"key": {"holder": "cloud"}}, facts(true, "DE"), false) == set()

test_adequate_country if {
	keys({"key": {"country": "CH"}}, facts(true, "DE"), false) == {"country"}
	keys({"key": {"country": "CH"}}, facts(true, "DE"), true) == set()
}

test_plain if keys({"encryption": {"state": "plain"}, "key": {"country": "", "holder": ""}}, facts(true, "DE"), false) == {"plain"}

test_holder_not_registered if {
	key_in_eea.unknown == {"in which country aws holds the key is not known: name it as a processor"} with input.subject as object.union(store, {"key": {"holder": "aws"}})
		with input.facts as facts(true, "DE")
		with data.params.transfer.countries as countries
		with data.params.audit.table_max_age_days as 180
}

test_no_reliance if {
	keys({"key": {"country": "US"}}, facts(false, "US"), false) == set()
	count(key_in_eea.not_applicable) == 1 with input.subject as store
		with input.facts as facts(false, "US")
}

reasons(changed, known, max_age) := found if {
	found := key_in_eea.unknown with input.subject as object.union(store, changed)
		with input.facts as known
		with data.params.transfer.countries as countries
		with data.params.audit.table_max_age_days as max_age
}

test_nothing_to_ask if {
	reasons({}, facts(true, "US"), 180) == set()
	reasons({"key": {"holder": "cloud"}}, facts(true, "DE"), 180) == set()
	reasons({"encryption": {"state": "plain"}, "key": {"country": ""}}, facts(true, "DE"), 180) == set()
	reasons({"key": {"holder": "aws", "country": ""}}, facts(false, "DE"), 99) == set()
}

test_place_not_known if {
	reasons({"key": {"country": ""}}, facts(true, "DE"), 180) == {"in which country the key is kept is not known"}
	keys({"key": {"country": ""}}, facts(true, "DE"), false) == set()
}

test_old_table if {
	reasons({}, facts(true, "DE"), 99) == {"the table of countries is 100 days old"}
	found := key_in_eea.deny with input.subject as object.union(store, {"key": {"country": "US", "holder": "cloud"}})
		with input.facts as facts(true, "US")
		with data.params.transfer.countries as countries
		with data.params.audit.table_max_age_days as 99
	found == set()
}
