package gdpr.firewall.rule_justified_test

import data.gdpr.firewall.rule_justified

rule := {
	"action": "accept", "managed_by": "terraform", "justification": "", "register": [], "change": [],
	"match": {"in_interface": "", "states": []},
}

fails(changed) if {
	count(rule_justified.deny) > 0 with input.subject as object.union(rule, changed)
}

applies(changed) if {
	count(rule_justified.not_applicable) == 0 with input.subject as object.union(rule, changed)
}

test_unjustified if {
	fails({})
	fails({"justification": "needed"})
	applies({})
}

test_entry if not fails({"register": ["register#orders-db/5432/tcp"]})

test_change if not fails({"change": ["register#SEC-123"]})

test_not_applicable if {
	not applies({"action": "drop"})
	not applies({"managed_by": "docker"})
	not applies({"match": {"in_interface": "lo"}})
	not applies({"match": {"states": ["established", "related"]}})
	applies({"match": {"states": ["established", "new"]}})
}
