package gdpr.tls.client_verified_test

import data.gdpr.tls.client_verified

endpoint := {"class": "special", "encrypted": "tls", "client_auth": "none", "register": ["register#api"], "http": {"redirect": "none"}}

entry(tls) := {"register.port": {"register#api": {"tls": tls}}}

messages(changed, facts) := {d.msg | some d in found} if {
	found := client_verified.deny with input.subject as object.union(endpoint, changed)
		with input.facts as facts
		with data.params.tls.client_auth_from_class as "special"
}

test_special if messages({}, entry("required")) == {"client certificates are not required (none), although data are of class special"}

test_requested_only if count(messages({"client_auth": "requested"}, entry("required"))) == 1

test_required if messages({"client_auth": "required"}, entry("mutual")) == set()

test_mutual_by_register if messages({"class": "personal"}, entry("mutual")) == {"client certificates are not required (none), although the register asks for them"}

test_lower_class if {
	messages({"class": "personal"}, entry("required")) == set()
	count(client_verified.not_applicable) == 1 with input.subject as object.union(endpoint, {"class": "personal"})
		with input.facts as entry("required")
		with data.params.tls.client_auth_from_class as "special"
}

test_class_unknown if {
	messages({"class": "unknown"}, entry("required")) == set()
	count(client_verified.unknown) == 1 with input.subject as object.union(endpoint, {"class": "unknown"})
		with input.facts as entry("required")
}

applies(changed) if {
	count(client_verified.not_applicable) == 0 with input.subject as object.union(endpoint, changed)
		with input.facts as entry("required")
		with data.params.tls.client_auth_from_class as "special"
}

test_redirect if {
	not applies({"encrypted": "none", "http": {"redirect": "https"}})
	applies({"encrypted": "none", "http": {"redirect": "other"}})
	applies({"http": {"redirect": "https"}})
	not applies({"encrypted": "wireguard"})
}

test_nothing_to_ask if {
	count(client_verified.unknown) == 0 with input.subject as object.union(endpoint, {"class": "unknown", "client_auth": "required"})
		with input.facts as entry("required")
	count(client_verified.unknown) == 0 with input.subject as object.union(endpoint, {"class": "unknown"})
		with input.facts as entry("mutual")
}
