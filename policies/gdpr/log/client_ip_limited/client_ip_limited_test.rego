package gdpr.log.client_ip_limited_test

import data.gdpr.log.client_ip_limited

source(form) := {
	"category": "app_access", "enabled": true,
	"fields": [{"name": "client_address", "form": form}],
	"stores": ["c#g"],
}

kept(days) := {"log.store": {"c#g": {"id": "g", "declared": {"max_days": days}, "bounds": {"max_days": 30}}}}

keys(subject, facts) := {d.key | some d in found} if {
	found := client_ip_limited.deny with input.subject as subject
		with input.facts as facts
}

test_too_long if keys(source("full"), kept(31)) == {"c#g"}

test_short if keys(source("full"), kept(30)) == set()

test_truncated if keys(source("truncated"), kept(400)) == set()

test_no_store if count(client_ip_limited.unknown) == 1 with input.subject as object.union(source("full"), {"stores": []})

test_category_unknown if count(client_ip_limited.unknown) == 1 with input.subject as object.union(source("full"), {"category": "unknown"})

test_not_applicable if {
	count(client_ip_limited.not_applicable) == 1 with input.subject as {"category": "app_access", "enabled": true, "fields": []}
	count(client_ip_limited.not_applicable) == 1 with input.subject as object.union(source("full"), {"category": "network_flow"})
	count(client_ip_limited.not_applicable) == 1 with input.subject as object.union(source("full"), {"enabled": false})
}

test_truncated_is_no_question if {
	count(client_ip_limited.unknown) == 0 with input.subject as object.union(source("truncated"), {"stores": []})
	count(client_ip_limited.unknown) == 0 with input.subject as object.union(source("hashed"), {"category": "unknown"})
}

test_other_parts if {
	names := object.union(source("full"), {"fields": [{"name": "user_name", "form": "full"}]})
	keys(names, kept(400)) == set()
	count(client_ip_limited.not_applicable) == 1 with input.subject as names
}

test_endless if {
	some d in client_ip_limited.deny with input.subject as source("full")
		with input.facts as kept(999999)
	d.msg == "full client addresses are kept without end in g, 30 days are allowed"
	d.actual == "never"
}
