package gdpr.encryption.store_encrypted_test

import data.gdpr.encryption.store_encrypted

fails(subject) if {
	count(store_encrypted.deny) > 0 with input.subject as subject
}

test_plain if fails({"type": "volume", "class": "personal", "encryption": {"state": "plain"}})

test_encrypted if not fails({"type": "volume", "class": "personal", "encryption": {"state": "encrypted"}})

test_class_unknown if {
	not fails({"type": "volume", "class": "unknown", "encryption": {"state": "plain"}})
	count(store_encrypted.unknown) == 1 with input.subject as {"class": "unknown", "encryption": {"state": "plain"}}
	count(store_encrypted.unknown) == 0 with input.subject as {"class": "unknown", "encryption": {"state": "encrypted"}}
}

test_not_applicable if {
	count(store_encrypted.not_applicable) == 1 with input.subject as {"type": "volume", "class": "none"}
	count(store_encrypted.not_applicable) == 1 with input.subject as {"type": "snapshot", "class": "special"}
	count(store_encrypted.not_applicable) == 1 with input.subject as {"type": "state", "class": "special"}
	count(store_encrypted.not_applicable) == 1 with input.subject as {"type": "etcd", "class": "personal"}
	count(store_encrypted.not_applicable) == 0 with input.subject as {"type": "bucket", "class": "personal"}
}
