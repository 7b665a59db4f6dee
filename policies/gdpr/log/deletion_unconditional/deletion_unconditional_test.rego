package gdpr.log.deletion_unconditional_test

import data.gdpr.log.deletion_unconditional

subject(conditions, observed) := {"personal": true, "declared": {"conditions": conditions}, "bounds": {"max_days": 90}, "observed": observed}

fails(s) if count(deletion_unconditional.deny) > 0 with input.subject as s

exempt(s) if {
	count(deletion_unconditional.not_applicable) == 1 with input.subject as s with data.params.log.tolerance_days as 3
}

test_quiet if fails(subject(["notifempty"], []))

test_unconditional if not fails(subject([], []))

test_other_condition if not fails(subject(["copytruncate"], []))

test_refuted if {
	exempt(subject(["notifempty"], [{"oldest_days": 40}]))
	not exempt(subject(["notifempty"], [{"oldest_days": 400}]))
}

test_not_personal if exempt(object.union(subject(["notifempty"], []), {"personal": false}))

test_no_bound if not fails(object.union(subject(["notifempty"], []), {"bounds": {"max_days": 999999}}))
