package gdpr.log.topic_expires_test

import data.gdpr.log.topic_expires

topic(days, bound) := {
	"type": "topic", "personal": true, "bounds": {"max_days": 30},
	"declared": {"max_days": days, "bound": bound},
}

found(set, subject) := entries if {
	entries := topic_expires[set] with input.subject as subject
		with data.params.log.tolerance_days as 3
}

keys(subject) := {d.key | some d in found("deny", subject)}

test_in_time if {
	keys(topic(33, "time")) == set()
	keys(topic(34, "time")) == {"maximum"}
}

test_without_end if {
	keys(topic(999999, "none")) == {"unbounded"}
	keys(topic(999999, "size")) == {"unbounded"}
	keys(topic(999999, "unknown")) == set()
	count(found("unknown", topic(999999, "unknown"))) == 1
	found("unknown", topic(7, "time")) == set()
}

test_not_applicable if {
	group := object.union(topic(999999, "none"), {"type": "cloud_group"})
	keys(group) == set()
	count(found("not_applicable", group)) == 1
	found("unknown", object.union(group, {"declared": {"max_days": 1, "bound": "unknown"}})) == set()
	count(found("not_applicable", object.union(topic(7, "time"), {"personal": false}))) == 1
	found("not_applicable", topic(7, "time")) == set()
}
