package gdpr.audit.facts_fresh_test

import data.gdpr.audit.facts_fresh

limits := {"runtime_max_hours": 24, "scan_max_hours": 168, "future_max_minutes": 5}

facts(mode, age, commit) := {"target": sprintf("%s/a", [mode]), "mode": mode, "age_hours": age, "commit": commit}

keys(collections) := {d.key | some d in found} if {
	found := facts_fresh.deny with input.subject.collections as collections
		with data.params.audit as limits
}

test_fresh if keys([facts("runtime", 24, ""), facts("scan", 168, ""), facts("file", 5000, "")]) == set()

test_old if keys([facts("runtime", 24.1, ""), facts("scan", 168.5, "")]) == {"runtime runtime/a old", "scan scan/a old"}

test_future if {
	keys([facts("file", -0.05, "")]) == set()
	keys([facts("file", -0.5, "")]) == {"file file/a future"}
}

test_one_commit if keys([facts("file", 1, "a1"), facts("file", 1, "a1"), facts("file", 1, "")]) == set()

test_two_commits if keys([facts("file", 1, "a1"), facts("file", 1, "b2")]) == {"commits"}

test_one_entry_for_a_target if {
	found := facts_fresh.deny with input.subject.collections as [facts("runtime", 30, ""), facts("runtime", 31, "")]
		with data.params.audit as limits
	count(found) == 1
}

test_commits_of_files_only if keys([facts("file", 1, "a1"), facts("runtime", 1, "b2")]) == set()

test_limit_of_the_future if {
	found := facts_fresh.deny with input.subject.collections as [facts("file", -0.0625, "")]
		with data.params.audit as object.union(limits, {"future_max_minutes": 3.75})
	found == set()
}

test_commit_not_said if {
	advice([read_at("t1", ""), read_at("t2", "")])
	not advice([read_at("t1", ""), read_at("t1", "")])
	not advice([read_at("t1", "a1"), read_at("t2", "")])
	not advice([read_at("t1", ""), object.union(facts("runtime", 1, ""), {"collected_at": "t2"})])
}

read_at(time, commit) := object.union(facts("file", 1, commit), {"collected_at": time})

advice(collections) if {
	count(facts_fresh.warn) == 1 with input.subject.collections as collections
}
