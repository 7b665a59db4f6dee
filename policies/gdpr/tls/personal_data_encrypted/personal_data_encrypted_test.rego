package gdpr.tls.personal_data_encrypted_test

import data.gdpr.tls.personal_data_encrypted

endpoint := {"class": "personal", "encrypted": "tls", "plaintext_allowed": false, "scope": "internal", "http": {"redirect": "none"}}

keys(changed) := {d.key | some d in found} if {
	found := personal_data_encrypted.deny with input.subject as object.union(endpoint, changed)
}

reasons(changed) := count(found) if {
	found := personal_data_encrypted.not_applicable with input.subject as object.union(endpoint, changed)
}

test_encrypted if keys({}) == set()

test_plain if keys({"encrypted": "none", "plaintext_allowed": true}) == {"plain"}

test_optional if keys({"plaintext_allowed": true}) == {"optional"}

test_redirect if {
	keys({"plaintext_allowed": true, "http": {"redirect": "https"}}) == set()
	reasons({"encrypted": "none", "http": {"redirect": "https"}}) == 1
	reasons({"encrypted": "none", "http": {"redirect": "other"}}) == 0
}

test_not_applicable if {
	reasons({"class": "none"}) == 1
	reasons({"scope": "loopback"}) == 1
	reasons({}) == 0
}

test_class_unknown if {
	keys({"class": "unknown", "encrypted": "none"}) == set()
	count(personal_data_encrypted.unknown) == 1 with input.subject as object.union(endpoint, {"class": "unknown", "encrypted": "none"})
	count(personal_data_encrypted.unknown) == 1 with input.subject as object.union(endpoint, {"class": "unknown", "plaintext_allowed": true})
	count(personal_data_encrypted.unknown) == 0 with input.subject as object.union(endpoint, {"class": "unknown"})
}

test_redirect_beside_tls if reasons({"http": {"redirect": "https"}}) == 0
