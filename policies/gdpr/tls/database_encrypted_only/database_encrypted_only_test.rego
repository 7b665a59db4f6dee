package gdpr.tls.database_encrypted_only_test

import data.gdpr.tls.database_encrypted_only

server := {"role": "server", "serves": "database", "class": "personal", "tls": "on", "rule": []}

fails(changed) if {
	count(database_encrypted_only.deny) > 0 with input.subject as object.union(server, changed)
}

applies(changed) if {
	count(database_encrypted_only.not_applicable) == 0 with input.subject as object.union(server, changed)
}

test_on if not fails({})

test_off if fails({"tls": "off"})

test_optional if fails({"tls": "optional"})

test_not_applicable if {
	applies({})
	not applies({"class": "none"})
	not applies({"serves": "web"})
	not applies({"role": "client"})
}

test_class_unknown if {
	not fails({"class": "unknown", "tls": "off"})
	count(database_encrypted_only.unknown) == 1 with input.subject as object.union(server, {"class": "unknown", "tls": "off"})
}

test_host_rule if {
	facts := {"access.rule": {"c#hba/3": {"id": "hba/3", "type": "hba", "reachable": true, "source_scope": "internal"}}}
	count(database_encrypted_only.unknown) == 1 with input.subject as object.union(server, {"rule": ["c#hba/3"]})
		with input.facts as facts
}

asked(changed) if {
	host := {"id": "hba/3", "type": "hba", "reachable": true, "source_scope": "internal"}
	count(database_encrypted_only.unknown) > 0 with input.subject as object.union(server, {"rule": ["c#hba/3"]})
		with input.facts as {"access.rule": {"c#hba/3": object.union(host, changed)}}
}

test_rules_that_do_not_matter if {
	asked({})
	not asked({"type": "iam"})
	not asked({"reachable": false})
	not asked({"source_scope": "loopback"})
}

test_class_does_not_matter_with_tls if {
	count(database_encrypted_only.unknown) == 0 with input.subject as object.union(server, {"class": "unknown"})
}
