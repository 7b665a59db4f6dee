package gdpr.audit.waiver_bounded_test

import data.gdpr.audit.waiver_bounded

waiver := {
	"expires_on": "2027-01-31", "left_days": 70, "term_days": 72,
	"owner": "team-orders", "approver": "ciso", "reason": "migration", "compensation": "reviewed daily",
	"broad": false, "subject": "log.store/a", "targets": ["config/infra"],
}

keys(subject) := {d.key | some d in found} if {
	found := waiver_bounded.deny with input.subject as subject
		with data.params.audit.waiver_max_days as 90
}

test_bounded if keys(waiver) == set()

test_expired if keys(object.union(waiver, {"left_days": -1})) == {"expired"}

test_undated if keys(object.union(waiver, {"expires_on": "", "left_days": -999999, "term_days": 999999})) == {"undated"}

test_too_long if {
	keys(object.union(waiver, {"term_days": 90})) == set()
	keys(object.union(waiver, {"term_days": 91})) == {"term"}
}

test_nobody if keys(object.union(waiver, {"owner": "", "approver": ""})) == {"owner", "approver"}

test_own_approver if keys(object.union(waiver, {"approver": "team-orders"})) == {"approver"}

test_without_words if keys(object.union(waiver, {"reason": "", "compensation": ""})) == {"reason", "compensation"}

test_broad if keys(object.union(waiver, {"broad": true})) == {"broad"}
