package gdpr.audit.policy_pinned_test

import data.gdpr.audit.policy_pinned

found(set, pinned) := results if {
	results := policy_pinned[set] with input.subject.policy as {"digest": "sha256:0a", "pinned": pinned}
}

test_approved if {
	found("deny", "sha256:0a") == set()
	found("unknown", "sha256:0a") == set()
}

test_other if {
	some d in found("deny", "sha256:0b")
	d.expected == "sha256:0b"
	d.actual == "sha256:0a"
	found("unknown", "sha256:0b") == set()
}

test_no_pin if {
	found("deny", "") == set()
	count(found("unknown", "")) == 1
}
