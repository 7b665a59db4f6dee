package gdpr.access.storage_private_test

import data.gdpr.access.storage_private

bucket := {"type": "bucket", "class": "personal", "public": false, "public_by": [], "public_block": "full", "rule": ["c#p/All"]}

rule(principal, restricted) := {"access.rule": {"c#p/All": {
	"id": "p/All", "effect": "allow", "principals": ["*"], "restricted": restricted,
	"wildcards": {"principal": principal},
}}}

keys(changed, facts) := {d.key | some d in found} if {
	found := storage_private.deny with input.subject as object.union(bucket, changed)
		with input.facts as facts
}

test_private if keys({}, rule(false, false)) == set()

test_blocked_grant if keys({}, rule(true, false)) == set()

test_public if keys({"public": true, "public_by": ["acl public-read"]}, {}) == {"public"}

test_partial_block if keys({"public_block": "partial"}, rule(false, false)) == {"block"}

test_unblocked_grant if keys({"public_block": "none"}, rule(true, false)) == {"c#p/All"}

test_restricted_grant if keys({"public_block": "none"}, rule(true, true)) == set()

test_database if count(storage_private.not_applicable) == 1 with input.subject as {"type": "database", "class": "personal"}

test_advice if count(storage_private.warn) == 1 with input.subject.public_block as "default"

test_refusal if {
	refusing := {"access.rule": {"c#p/All": object.union(rule(true, false)["access.rule"]["c#p/All"], {"effect": "deny"})}}
	keys({"public_block": "none"}, refusing) == set()
}

test_named_once if keys({"public": true, "public_by": ["policy statement All"], "public_block": "none"}, rule(true, false)) == {"public"}

test_open_without_block_is_one if {
	open := {"public": true, "public_by": ["policy statement All"], "public_block": "off"}
	keys(open, rule(true, false)) == {"public"}
	messages(open) == {"anyone can reach the bucket: policy statement All; the block of public access is off"}
}

test_grant_that_a_partial_block_stops if keys({"public_block": "partial"}, rule(true, false)) == {"block"}

messages(changed) := {d.msg | some d in found} if {
	found := storage_private.deny with input.subject as object.union(bucket, changed)
}
