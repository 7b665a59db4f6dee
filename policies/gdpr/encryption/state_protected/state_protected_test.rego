package gdpr.encryption.state_protected_test

import data.gdpr.encryption.state_protected

state := {
	"type": "state", "product": "s3", "tracked": false, "public": false, "public_by": [], "versioned": true,
	"encryption": {"state": "encrypted"},
}

keys(subject) := {d.key | some d in found} if {
	found := state_protected.deny with input.subject as subject
}

test_protected if keys(state) == set()

test_tracked if keys(object.union(state, {"product": "local", "tracked": true, "encryption": {"state": "plain"}, "versioned": false})) == {"tracked"}

test_open if {
	keys(object.union(state, {"public": true, "public_by": ["acl public-read"], "versioned": false, "encryption": {"state": "plain"}})) == {"plain", "public", "unversioned"}
}

test_local if count(state_protected.unknown) == 1 with input.subject as object.union(state, {"product": "local"})

test_other_store if {
	keys({"type": "bucket", "public": true}) == set()
	count(state_protected.not_applicable) == 1 with input.subject.type as "bucket"
}

test_local_settings_are_not_known if keys(object.union(state, {"product": "local", "public": true, "versioned": false, "encryption": {"state": "plain"}})) == set()
