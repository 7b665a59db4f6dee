package gdpr.tls.server_verified_test

import data.gdpr.tls.server_verified

client := {"role": "client", "tls": "on", "verify": "full", "scope": "internal", "address": "db.example.org"}

keys(changed) := {d.key | some d in found} if {
	found := server_verified.deny with input.subject as object.union(client, changed)
		with data.params.tls.client_verify as "full"
}

test_full if keys({}) == set()

test_chain_only if keys({"verify": "ca"}) == {"verify"}

test_nothing if keys({"verify": "none"}) == {"verify"}

test_plain if keys({"tls": "off", "verify": "none"}) == {"tls"}

test_optional if keys({"tls": "optional"}) == {"tls"}

test_lower_demand if {
	count(server_verified.deny) == 0 with input.subject as object.union(client, {"verify": "ca"})
		with data.params.tls.client_verify as "ca"
}

test_not_applicable if {
	count(server_verified.not_applicable) == 1 with input.subject as {"role": "server", "address": ""}
	count(server_verified.not_applicable) == 0 with input.subject as client
	every address in ["localhost", "127.0.0.1", "::1", "/run/postgresql"] {
		count(server_verified.not_applicable) == 1 with input.subject as {"role": "client", "address": address}
	}
}
