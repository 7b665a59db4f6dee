package gdpr.access.database_authenticated_test

import data.gdpr.access.database_authenticated

rule(changed) := object.union(
	{
		"type": "hba", "principals": ["*"], "sources": ["0.0.0.0/0"], "source_scope": "internet",
		"method": "scram-sha-256", "reachable": true, "error": "",
	},
	changed,
)

found(set, subject) := entries if {
	entries := database_authenticated[set] with input.subject as subject
		with data.params.access as {"methods": ["scram-sha-256", "cert"], "methods_local": ["peer"]}
}

messages(changed) := {d.msg | some d in found("deny", rule(changed))}

test_approved if {
	messages({}) == set()
	messages({"method": "cert"}) == set()
}

test_trust if messages({"method": "trust"}) == {"* may log in from 0.0.0.0/0 by the method trust, which asks for nothing"}

test_old_hash if messages({"method": "md5"}) == {"* may log in from 0.0.0.0/0 by the method md5"}

test_local if {
	messages({"method": "peer", "source_scope": "host"}) == set()
	messages({"method": "cert", "source_scope": "host"}) == set()
	count(messages({"method": "peer"})) == 1
	count(messages({"method": "trust", "source_scope": "host"})) == 1
}

test_error if {
	{d.key | some d in found("deny", rule({"method": "trust", "error": "unknown method"}))} == {"error"}
}

test_not_applicable if {
	count(found("not_applicable", rule({"type": "iam"}))) == 1
	messages({"type": "iam", "method": "trust"}) == set()
	messages({"type": "iam", "error": "x"}) == set()
	count(found("not_applicable", rule({"method": "reject"}))) == 1
	count(found("not_applicable", rule({"reachable": false}))) == 1
	found("not_applicable", rule({})) == set()
}
