package gdpr.port.entry_complete_test

import data.gdpr.port.entry_complete

entry := {
	"purpose": "SQL from the app tier", "owner": "team-orders", "exposure": "internal", "data": ["user.contact"], "class_basis": "declared",
	"review_by": "2027-04-01", "left_days": 130, "service": ["register#orders"],
}

keys(changed) := {d.key | some d in found} if {
	found := entry_complete.deny with input.subject as object.union(entry, changed)
		with data.params.port as {"purpose_min_chars": 15, "placeholders": ["todo", "tbd", "test"]}
}

test_complete if keys({}) == set()

test_empty if {
	keys({"purpose": "", "owner": "", "exposure": "", "review_by": "", "left_days": -999999, "service": []}) == {"purpose", "owner", "exposure", "review_by", "service"}
}

test_vague if {
	keys({"purpose": "SQL"}) == {"purpose"}
	keys({"purpose": "Tbd: ask the team what this is"}) == {"purpose"}
	keys({"purpose": "test environment of the shop"}) == set()
}

test_data if {
	keys({"data": [], "class_basis": "assumed"}) == {"data"}
	keys({"data": [], "class_basis": "declared"}) == set()
}

test_overdue if keys({"left_days": -1}) == {"review_by"}

test_limits if {
	keys({"purpose": "SQL for the app"}) == set()
	keys({"left_days": 0}) == set()
	keys({"data": ["user.contact"], "class_basis": "assumed"}) == set()
}
