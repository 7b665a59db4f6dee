package gdpr.encryption.customer_key_used_test

import data.gdpr.encryption.customer_key_used

store(class, manager) := {"type": "bucket", "class": class, "encryption": {"state": "encrypted"}, "key": {"manager": manager}}

fails(subject) if {
	count(customer_key_used.deny) > 0 with input.subject as subject
		with data.params.encryption.customer_key_from_class as "confidential"
}

test_default_key if fails(store("special", "provider"))

test_own_key if not fails(store("confidential", "customer"))

test_lower_class if {
	not fails(store("personal", "provider"))
	count(customer_key_used.not_applicable) == 1 with input.subject as store("personal", "provider")
		with data.params.encryption.customer_key_from_class as "confidential"
}

test_class_unknown if {
	count(customer_key_used.not_applicable) == 0 with input.subject as store("unknown", "provider")
		with data.params.encryption.customer_key_from_class as "confidential"
	count(customer_key_used.unknown) == 1 with input.subject as store("unknown", "provider")
	count(customer_key_used.unknown) == 0 with input.subject as store("unknown", "customer")
}
