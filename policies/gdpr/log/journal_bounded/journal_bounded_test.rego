package gdpr.log.journal_bounded_test

import data.gdpr.log.journal_bounded

journal(max_days, period) := {"type": "journal", "personal": true, "volatile": false, "declared": {"bound": "time", "max_days": max_days}, "rotation": [{"period_days": period}]}

keys(subject) := {d.key | some d in found(subject)}

found(subject) := entries if {
	entries := journal_bounded.deny with input.subject as subject with data.params.log.journal_granularity as 0.25
}

exempt(subject) if {
	count(journal_bounded.not_applicable) > 0 with input.subject as subject
}

test_unbounded if keys(journal(999999, 31)) == {"unbounded"}

test_coarse if keys(journal(90, 30)) == {"granularity"}

test_fine if {
	keys(journal(90, 22.5)) == set()
	not exempt(journal(90, 22.5))
}

test_others if {
	exempt(object.union(journal(90, 1), {"type": "file"}))
	exempt(object.union(journal(90, 1), {"volatile": true}))
	exempt(object.union(journal(90, 1), {"personal": false}))
	keys(object.union(journal(999999, 999999), {"type": "file"})) == set()
}
