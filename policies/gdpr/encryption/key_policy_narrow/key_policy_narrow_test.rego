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

test_delegated if count(key_policy_narrow.unknown) == 1 with input.subject as {"type": "key_policy", "delegates": true}

test_other_rules if {
	count(key_policy_narrow.not_applicable) == 1 with input.subject as {"type": "iam", "effect": "allow"}
	count(key_policy_narrow.not_applicable) == 1 with input.subject as {"type": "key_policy", "effect": "deny"}
}
