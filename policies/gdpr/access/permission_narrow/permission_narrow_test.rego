package gdpr.access.permission_narrow_test

import data.gdpr.access.permission_narrow

rule := {
	"type": "iam", "effect": "allow", "actions": ["s3:*"], "resources": ["*"], "store": ["c#b"],
	"wildcards": {"principal": false, "action": false, "resource": false},
}

stores(class) := {"data.store": {"c#b": {"id": "b", "class": class}}}

keys(changed, class) := {d.key | some d in found} if {
	found := permission_narrow.deny with input.subject as object.union(rule, changed)
		with input.facts as stores(class)
}

test_narrow if keys({}, "personal") == set()

test_wide if keys({"wildcards": {"action": true, "resource": true}}, "personal") == {"action", "resource"}

test_nothing_personal if keys({"wildcards": {"action": true, "resource": true}}, "none") == set()

test_cluster_secrets if {
	keys({"type": "rbac", "actions": ["get secrets"], "wildcards": {"resource": true}, "store": []}, "none") == {"secrets"}
}

test_everything_elsewhere if {
	count(permission_narrow.unknown) == 1 with input.subject as object.union(rule, {"actions": ["*"], "store": [], "wildcards": {"resource": true}})
		with input.facts as {}
}

test_class_unknown if {
	count(permission_narrow.unknown) == 1 with input.subject as object.union(rule, {"wildcards": {"action": true}})
		with input.facts as stores("unknown")
}

test_three_names if {
	many := {"data.store": {sprintf("c#%d", [n]): {"id": sprintf("b%d", [n]), "class": "personal"} | some n in numbers.range(1, 5)}}
	some d in permission_narrow.deny with input.subject as object.union(rule, {"wildcards": {"action": true}, "store": [sprintf("c#%d", [n]) | some n in numbers.range(1, 5)]})
		with input.facts as many
	d.msg == "every action is allowed on b1, b2, b3 and 2 more"
}

test_other_rules if {
	count(permission_narrow.not_applicable) == 1 with input.subject as {"type": "hba", "effect": "allow"}
	count(permission_narrow.not_applicable) == 1 with input.subject as {"type": "iam", "effect": "deny"}
}

test_narrow_cluster_rules if {
	keys({"type": "rbac", "actions": ["get secrets"], "store": []}, "none") == set()
	keys({"type": "rbac", "actions": ["get pods"], "wildcards": {"resource": true}, "store": []}, "none") == set()
}

unsure(changed, class) if {
	count(permission_narrow.unknown) > 0 with input.subject as object.union(rule, changed)
		with input.facts as stores(class)
}

test_sure if {
	not unsure({"actions": ["*"], "store": []}, "none")
	not unsure({"wildcards": {"resource": true}, "store": []}, "none")
	not unsure({"actions": ["*"], "wildcards": {"resource": true}}, "personal")
	not unsure({}, "unknown")
	unsure({"wildcards": {"resource": true}}, "unknown")
}

test_everything_of_a_namespace if {
	count(permission_narrow.unknown) == 1 with input.subject as object.union(rule, {"type": "rbac", "actions": ["*"], "store": [], "wildcards": {"action": true, "resource": false}})
		with input.facts as {}
}
