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

test_peer_without_address if {
	some d in server_verified.deny with input.subject as object.union(client, {"verify": "none", "address": ""})
		with data.params.tls.client_verify as "full"
	startswith(d.msg, "of the certificate of the server nothing is checked")
}

skipped(subject) := found if {
	found := server_verified.not_applicable with input.subject as subject
		with data.params.tls.client_verify as "full"
}

test_not_applicable if {
	count(skipped({"role": "server", "address": ""})) == 1
	count(skipped(client)) == 0
	count(skipped(object.union(client, {"verify": "none"}))) == 0
	every address in ["localhost", "127.0.0.1", "::1", "/run/postgresql"] {
		count(skipped(object.union(client, {"verify": "none", "address": address}))) == 1
	}
}

test_enough_is_judged_wherever_the_peer_is if count(skipped(object.union(client, {"address": "localhost"}))) == 0
