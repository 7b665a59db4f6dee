package gdpr.encryption.tracked_secret_absent_test

import data.gdpr.encryption.tracked_secret_absent

match := {
	"category": "credential", "rule": "github_token", "by": "pattern", "form": "literal", "place": "notes.md",
	"tracked": true, "commit": "", "hash": "", "allow": [],
}

fails(changes) if count(tracked_secret_absent.deny) > 0 with input.subject as object.union(match, changes)

not_asked(changes) if count(tracked_secret_absent.not_applicable) > 0 with input.subject as object.union(match, changes)

test_literal if {
	fails({})
	not not_asked({})
}

test_others if {
	every changes in [{"category": "personal_identifier"}, {"by": "name"}, {"form": "reference"}, {"form": "encrypted"}, {"tracked": false}] {
		not fails(changes)
		not_asked(changes)
	}
}

test_allowed if {
	not fails({"allow": [{"reason": "test key", "expires_on": "2027-01-31", "left_days": 70}]})
	not fails({"allow": [{"reason": "last day", "expires_on": "2026-11-22", "left_days": 0}]})
}

test_lapsed if {
	subject := object.union(match, {"allow": [{"reason": "old", "expires_on": "2026-11-01", "left_days": -21}]})
	count(tracked_secret_absent.deny) == 1 with input.subject as subject
	tracked_secret_absent.warn == {`the allowance "old" ended 21 days ago`} with input.subject as subject
}

test_one_allowance_is_enough if {
	not fails({"allow": [
		{"reason": "old", "expires_on": "2026-11-01", "left_days": -21},
		{"reason": "new", "expires_on": "2027-01-31", "left_days": 70},
	]})
}
