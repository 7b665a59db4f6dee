package gdpr.encryption.key_policy_narrow_test

import data.gdpr.encryption.key_policy_narrow

rule := {
	"type": "key_policy", "effect": "allow", "principals": ["role/app"], "duties": ["use"], "both_duties": [],
	"delegates": false, "restricted": false, "wildcards": {"principal": false}, "service": ["register#orders"],
}

service(roles) := {"register.service": {"register#orders": {"secret_roles": roles}}}

keys(changed, roles) := {d.key | some d in found} if {
	found := key_policy_narrow.deny with input.subject as object.union(rule, changed)
		with input.facts as service(roles)
}

test_named_role if keys({}, ["role/app"]) == set()

test_other_role if keys({}, ["role/other"]) == {"use role/app"}

test_administration_only if keys({"duties": ["administer"]}, ["role/other"]) == set()

test_everyone if {
	keys({"principals": ["*"], "wildcards": {"principal": true}}, ["role/app"]) == {"everyone"}
	keys({"principals": ["*"], "wildcards": {"principal": true}, "restricted": true}, ["role/app"]) == set()
}

test_both if keys({"both_duties": ["role/app"], "duties": ["administer"]}, ["role/app"]) == {"both role/app"}

test_no_roles_registered if {
	keys({}, []) == set()
	count(key_policy_narrow.unknown) == 1 with input.subject as rule
		with input.facts as service([])
}

test_delegated if {
	root := object.union(rule, {"principals": ["arn:aws:iam::111122223333:root"], "delegates": true, "both_duties": ["arn:aws:iam::111122223333:root"]})
	keys(root, ["role/app"]) == set()
	key_policy_narrow.unknown == {"the policy leaves it to identity policies who may use the key"} with input.subject as root
		with input.facts as service(["role/app"])
}

test_account_beside_a_role if {
	keys({"principals": ["111122223333", "role/report"], "both_duties": ["111122223333", "role/report"]}, ["role/app"]) == {"both role/report", "use role/report"}
}

test_other_rules if {
	count(key_policy_narrow.not_applicable) == 1 with input.subject as {"type": "iam", "effect": "allow"}
	count(key_policy_narrow.not_applicable) == 1 with input.subject as {"type": "key_policy", "effect": "deny"}
}

reasons(changed, roles) := found if {
	found := key_policy_narrow.unknown with input.subject as object.union(rule, changed)
		with input.facts as service(roles)
}

test_nothing_to_ask if {
	reasons({}, ["role/app"]) == set()
	reasons({"duties": ["administer"]}, []) == set()
	reasons({"principals": ["111122223333"]}, []) == {"the policy leaves it to identity policies who may use the key"}
}
