package gdpr.log.file_access_restricted_test

import data.gdpr.log.file_access_restricted

keys(mode, create) := {d.key | some d in entries} if {
	entries := file_access_restricted.deny with input.subject as {"personal": true, "access": [{"mode": mode, "create_mode": create}]}
		with data.params.log.max_mode as "0640"
}

test_narrow if {
	keys("0640", "0640") == set()
	keys("0600", "") == set()
	keys("0400", "0440") == set()
}

test_wide if {
	keys("0644", "") == {"mode"}
	keys("0660", "0640") == {"mode"}
	keys("0640", "0644") == {"create"}
	keys("0666", "0666") == {"mode", "create"}
	keys("0740", "") == {"mode"}
}

test_others if {
	count(file_access_restricted.not_applicable) == 1 with input.subject as {"personal": true, "access": []}
	count(file_access_restricted.not_applicable) == 1 with input.subject as {"personal": false, "access": [{"mode": "0644", "create_mode": ""}]}
}
