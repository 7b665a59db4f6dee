package gdpr.encryption.backup_encrypted_test

import data.gdpr.encryption.backup_encrypted

fails(subject) if {
	count(backup_encrypted.deny) > 0 with input.subject as subject
}

test_plain if fails({"type": "dump", "class": "personal", "encryption": {"state": "plain"}})

test_encrypted if not fails({"type": "snapshot", "class": "personal", "encryption": {"state": "encrypted"}})

test_live_store if count(backup_encrypted.not_applicable) == 1 with input.subject as {"type": "database", "class": "personal"}

test_class_unknown if {
	count(backup_encrypted.unknown) == 1 with input.subject as {"class": "unknown", "encryption": {"state": "plain"}}
	count(backup_encrypted.unknown) == 0 with input.subject as {"class": "unknown", "encryption": {"state": "encrypted"}}
}
