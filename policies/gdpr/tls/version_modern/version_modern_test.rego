package gdpr.tls.version_modern_test

import data.gdpr.tls.version_modern

endpoint(answers) := {"encrypted": "tls", "versions": [{"name": name, "offered": offered} | some name, offered in answers]}

actual(answers) := [d.actual | some d in found] if {
	found := version_modern.deny with input.subject as endpoint(answers)
		with data.params.tls as {"min_version": "1.2", "expected_version": "1.3"}
}

test_modern if actual({"tls1.1": "refused", "tls1.2": "offered", "tls1.3": "offered"}) == []

test_old if actual({"ssl3": "offered", "tls1.1": "offered", "tls1.2": "offered"}) == [["ssl3", "tls1.1"]]

test_unsure if {
	actual({"tls1.0": "unknown", "tls1.2": "offered"}) == []
	version_modern.unknown == {"whether tls1.0 can be negotiated is not known"} with input.subject as endpoint({"tls1.0": "unknown", "tls1.2": "unknown"})
		with data.params.tls.min_version as "1.2"
}

test_no_version if {
	version_modern.unknown == {"no version is known that can be negotiated"} with input.subject as endpoint({"tls1.2": "refused"})
		with data.params.tls.min_version as "1.2"
}

test_advice if {
	count(version_modern.warn) == 1 with input.subject as endpoint({"tls1.3": "refused"})
		with data.params.tls.expected_version as "1.3"
	count(version_modern.warn) == 0 with input.subject as endpoint({"tls1.3": "offered"})
		with data.params.tls.expected_version as "1.3"
}

test_not_tls if count(version_modern.not_applicable) == 1 with input.subject.encrypted as "none"
