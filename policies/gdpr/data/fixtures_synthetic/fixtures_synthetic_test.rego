package gdpr.data.fixtures_synthetic_test

import data.gdpr.data.fixtures_synthetic

match := {
	"category": "personal_identifier", "rule": "iban", "by": "pattern", "form": "literal", "place": "testdata/customers.csv",
	"tracked": true, "count": 12, "commit": "", "hash": "", "allow": [],
}

fails(changes, synthetic) if {
	count(fixtures_synthetic.deny) > 0 with input.subject as object.union(match, changes) with data.params.data.synthetic as synthetic
}

not_asked(changes, synthetic) if {
	count(fixtures_synthetic.not_applicable) > 0 with input.subject as object.union(match, changes) with data.params.data.synthetic as synthetic
}

test_identifiers if {
	fails({}, [])
	not not_asked({}, ["email_address"])
}

test_synthetic if {
	not fails({}, ["iban"])
	not_asked({}, ["iban"])
}

test_others if {
	every changes in [{"category": "credential"}, {"tracked": false}] {
		not fails(changes, [])
		not_asked(changes, [])
	}
}

test_allowed if not fails({"allow": [{"reason": "generated", "expires_on": "2027-01-31", "left_days": 0}]}, [])

test_lapsed if {
	subject := object.union(match, {"allow": [{"reason": "old", "expires_on": "2026-11-01", "left_days": -21}]})
	count(fixtures_synthetic.deny) == 1 with input.subject as subject with data.params.data.synthetic as []
	fixtures_synthetic.warn == {`the allowance "old" ended 21 days ago`} with input.subject as subject
}
