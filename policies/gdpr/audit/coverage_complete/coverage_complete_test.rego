package gdpr.audit.coverage_complete_test

import data.gdpr.audit.coverage_complete

collection(complete, errors) := {"target": "config/infra", "kind": "log.store", "complete": complete, "errors": errors}

messages(subject) := {d.msg | some d in found} if {
	found := coverage_complete.deny with input.subject as subject
		with data.params.audit.coverage_min as 0.5
}

covering(expected, covered) := {"collections": [], "assets": {"expected": expected, "covered": covered}}

test_all if messages(covering(["a", "b"], ["a", "b"])) == set()

test_enough if messages(covering(["a", "b"], ["a"])) == set()

test_too_little if messages(covering(["a", "b", "c"], ["a"])) == {"nothing was collected about b", "nothing was collected about c"}

test_nothing_expected if count(coverage_complete.unknown) == 1 with input.subject as covering([], [])

test_partial if {
	messages(object.union(covering(["a"], ["a"]), {"collections": [collection(false, ["timed out"])]})) == {"items of config/infra may be missing in log.store: timed out"}
}

test_partial_without_reason if {
	messages(object.union(covering(["a"], ["a"]), {"collections": [collection(false, [])]})) == {"items of config/infra may be missing in log.store: no reason given"}
}

test_partial_by_target if {
	other := {"target": "host/db1", "kind": "port.listener", "complete": false, "errors": ["permission denied"]}
	messages(object.union(covering(["a"], ["a"]), {"collections": [collection(false, ["timed out"]), other]})) == {
		"items of config/infra may be missing in log.store: timed out",
		"items of host/db1 may be missing in port.listener: permission denied",
	}
}

test_errors_without_incomplete if {
	messages(object.union(covering(["a"], ["a"]), {"collections": [collection(true, ["timed out"])]})) == {"items of config/infra may be missing in log.store: timed out"}
}
