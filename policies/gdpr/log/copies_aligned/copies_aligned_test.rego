package gdpr.log.copies_aligned_test

import data.gdpr.log.copies_aligned

stores(group, bucket) := {"log.store": {
	"c#g": {"id": "g", "declared": {"max_days": group}, "bounds": {"max_days": 365}},
	"c#b": {"id": "b", "declared": {"max_days": bucket}, "bounds": {"max_days": 90}},
}}

messages(facts) := {d.msg | some d in found} if {
	found := copies_aligned.deny with input.subject.stores as ["c#b", "c#g"]
		with input.facts as facts
}

test_aligned if messages(stores(90, 90)) == set()

test_longer if messages(stores(180, 90)) == {"g keeps the records up to 180 days, the strictest of 2 copies allows 90"}

test_endless if count(messages(stores(90, 999999))) == 1

test_one_store if count(copies_aligned.not_applicable) == 1 with input.subject.stores as ["c#g"]
