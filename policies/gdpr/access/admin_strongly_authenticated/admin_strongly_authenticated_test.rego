package gdpr.access.admin_strongly_authenticated_test

import data.gdpr.access.admin_strongly_authenticated

path(changed) := object.union(
	{
		"type": "login_path", "principals": ["ops"], "resources": ["azurerm_linux_virtual_machine.jump"],
		"method": "publickey", "mfa": true, "recorded": true,
	},
	changed,
)

keys(changed) := {d.key | some d in found} if {
	found := admin_strongly_authenticated.deny with input.subject as path(changed)
}

test_strong if keys({}) == set()

test_each if {
	keys({"method": "password"}) == {"password"}
	keys({"mfa": false}) == {"mfa"}
	keys({"recorded": false}) == {"recorded"}
	keys({"method": "password", "mfa": false, "recorded": false}) == {"password", "mfa", "recorded"}
}

test_message if {
	some d in admin_strongly_authenticated.deny with input.subject as path({"method": "password"})
	d.msg == "ops may log in to azurerm_linux_virtual_machine.jump with a password"
}

test_other_rule if {
	keys({"type": "hba", "method": "password", "mfa": false, "recorded": false}) == set()
	count(admin_strongly_authenticated.not_applicable) == 1 with input.subject as path({"type": "hba"})
	count(admin_strongly_authenticated.not_applicable) == 0 with input.subject as path({})
}
