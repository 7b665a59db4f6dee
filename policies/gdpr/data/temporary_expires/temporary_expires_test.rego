package gdpr.data.temporary_expires_test

import data.gdpr.data.temporary_expires

store(type, days) := {"type": type, "class": "personal", "ttl_days": days}

found(set, subject) := count(entries) if {
	entries := temporary_expires[set] with input.subject as subject
		with data.params.data.temporary_max_days as 10
}

test_queue if {
	found("deny", store("queue", 11)) == 1
	found("deny", store("queue", 10)) == 0
	found("deny", store("queue", 999999)) == 1
	found("deny", store("temporary", 30)) == 1
}

test_message if {
	some d in temporary_expires.deny with input.subject as store("queue", 999999)
		with data.params.data.temporary_max_days as 10
	d.msg == "the queue keeps what passes through it without end, 10 days are allowed"
	d.actual == "never"
}

test_cache if {
	found("deny", store("cache", 999999)) == 0
	found("unknown", store("cache", 999999)) == 1
	found("deny", store("cache", 30)) == 1
	found("unknown", store("cache", 5)) == 0
	found("unknown", store("queue", 999999)) == 0
}

test_dump if {
	found("deny", store("dump", 999999)) == 0
	found("not_applicable", store("dump", 999999)) == 1
}

test_meant_to_last if {
	found("deny", store("bucket", 999999)) == 0
	found("not_applicable", store("bucket", 999999)) == 1
	found("not_applicable", store("queue", 999999)) == 0
}

test_class if {
	unclassified := object.union(store("queue", 11), {"class": "unknown"})
	found("deny", unclassified) == 0
	found("unknown", unclassified) == 1
	found("unknown", object.union(unclassified, {"ttl_days": 10})) == 0
	found("not_applicable", object.union(unclassified, {"class": "none"})) == 1
}
