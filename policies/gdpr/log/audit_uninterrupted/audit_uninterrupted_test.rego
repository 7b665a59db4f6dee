package gdpr.log.audit_uninterrupted_test

import data.gdpr.log.audit_uninterrupted

trail(settings) := {
	"type": "audit_trail", "enabled": true,
	"settings": [{"name": name, "value": value} | some name, value in settings],
}

keys(subject) := found if {
	found := {d.key | some d in audit_uninterrupted.deny} with input.subject as subject
}

reasons(subject) := found if {
	found := audit_uninterrupted.not_applicable with input.subject as subject
}

test_silence if {
	keys(trail({"disk_full_action": "suspend", "disk_error_action": "ignore"})) == {"disk_full_action", "disk_error_action"}
	keys(trail({"disk_full_action": "halt", "disk_error_action": "syslog", "space_left_action": "email"})) == set()
	keys(trail({"max_log_file_action": "ignore"})) == set()
	keys(object.union(trail({"disk_full_action": "suspend"}), {"type": "web"})) == set()
}

test_not_applicable if {
	count(reasons({"type": "web", "enabled": true, "settings": []})) == 1
	count(reasons(trail({"management_events": "All"}))) == 1
	count(reasons(trail({"disk_full_action": "halt"}))) == 0
	count(reasons(object.union(trail({"disk_full_action": "halt"}), {"enabled": false}))) == 1
}
