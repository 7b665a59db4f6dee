package gdpr.log.request_secrets_absent_test

import data.gdpr.log.request_secrets_absent

source(names, changed) := object.union(
	{
		"type": "load_balancer", "enabled": true, "class": "personal",
		"fields": [{"name": name, "form": "full"} | some name in names],
	},
	changed,
)

found(set, subject, sensitive) := entries if {
	entries := request_secrets_absent[set] with input.subject as subject
		with data.params.log.sensitive_parameters as sensitive
}

keys(subject) := {d.key | some d in found("deny", subject, ["email"])}

test_each_part if {
	keys(source(["query_string"], {})) == {"query_string"}
	keys(source(["authorization", "body", "cookies"], {})) == {"authorization", "body", "cookies"}
	keys(source(["client_address", "user_name", "request_headers"], {})) == set()
}

test_messages if {
	some d in found("deny", source(["query_string"], {}), ["email", "token"])
	d.msg == "query strings of requests are recorded, where parameters such as email, token would stand"
	some e in found("deny", source(["cookies"], {}), [])
	e.msg == "cookies of requests are recorded"
}

test_masked if {
	masked := object.union(source([], {}), {"fields": [{"name": "query_string", "form": "hashed"}, {"name": "cookies", "form": "truncated"}]})
	keys(masked) == set()
	found("not_applicable", masked, ["email"]) == set()
	found("unknown", object.union(masked, {"type": "object_store"}), ["email"]) == set()
}

test_no_parameter_is_sensitive if {
	found("deny", source(["query_string"], {}), []) == set()
	count(found("deny", source(["body"], {}), [])) == 1
	found("unknown", source(["query_string"], {"type": "object_store"}), []) == set()
}

test_object_store if {
	keys(source(["query_string"], {"type": "object_store"})) == set()
	count(found("unknown", source(["query_string"], {"type": "object_store"}), ["email"])) == 1
	found("unknown", source(["client_address"], {"type": "object_store"}), ["email"]) == set()
	found("unknown", source(["query_string"], {}), ["email"]) == set()
}

test_not_applicable if {
	count(found("not_applicable", source(["client_address"], {}), ["email"])) == 1
	count(found("not_applicable", source(["query_string"], {"enabled": false}), ["email"])) == 1
	count(found("not_applicable", source(["body"], {"type": "cluster_api"}), ["email"])) == 1
	count(found("not_applicable", source(["query_string"], {}), ["email"])) == 0
}

test_nothing_personal if count(found("not_applicable", source(["query_string"], {"class": "none"}), ["email"])) == 1
