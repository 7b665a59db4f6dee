package gdpr.tls.https_forced_test

import data.gdpr.tls.https_forced

endpoint := {"serves": "web", "encrypted": "tls", "plaintext_allowed": false, "http": {"redirect": "none", "hsts_seconds": 15552000}}

keys(changed) := {d.key | some d in found} if {
	found := https_forced.deny with input.subject as object.union(endpoint, changed)
		with data.params.tls.hsts_min_seconds as 15552000
}

test_forced if keys({}) == set()

test_redirect if keys({"encrypted": "none", "plaintext_allowed": true, "http": {"redirect": "https", "hsts_seconds": 0}}) == set()

test_plain if keys({"encrypted": "none", "plaintext_allowed": true, "http": {"redirect": "none", "hsts_seconds": 0}}) == {"plain"}

test_both if keys({"plaintext_allowed": true}) == {"plain"}

test_hsts if {
	keys({"http": {"hsts_seconds": 15551999}}) == {"hsts"}
	keys({"http": {"hsts_seconds": 0}}) == {"hsts"}
}

test_no_web_server if count(https_forced.not_applicable) == 1 with input.subject.serves as "database"
