package gdpr.log.container_bounded_test

import data.gdpr.log.container_bounded

store(bound, changed) := object.union(
	{
		"type": "container", "personal": true, "declared": {"bound": bound},
		"bounds": {"max_days": 90}, "protection": {"remote": []},
	},
	changed,
)

found(set, subject) := entries if {
	entries := container_bounded[set] with input.subject as subject
}

keys(subject) := {d.key | some d in found("deny", subject)}

test_unbounded if {
	keys(store("none", {})) == {"unbounded"}
	{d.severity | some d in found("deny", store("none", {}))} == {"high"}
}

test_unbounded_without_personal_data if {
	[d] := [d | some d in found("deny", store("none", {"personal": false}))]
	d.key == "unbounded"
	not d.severity
}

test_by_size if {
	keys(store("size", {})) == {"size"}
	keys(store("size", {"personal": false})) == set()
	keys(store("size", {"bounds": {"max_days": 999999}})) == set()
	keys(store("size", {"protection": {"remote": ["c#archive"]}})) == set()
}

test_by_time if keys(store("time", {})) == set()

test_not_known if {
	keys(store("unknown", {})) == set()
	count(found("unknown", store("unknown", {}))) == 1
	found("unknown", store("size", {})) == set()
}

test_other_store if {
	file := store("none", {"type": "file"})
	keys(file) == set()
	count(found("not_applicable", file)) == 1
	found("unknown", store("unknown", {"type": "file"})) == set()
	keys(store("size", {"type": "file"})) == set()
	found("not_applicable", store("size", {})) == set()
}
