package gdpr.encryption.key_rotated_test

import data.gdpr.encryption.key_rotated

fails(manager, days) if {
	count(key_rotated.deny) > 0 with input.subject.key as {"manager": manager, "rotation_days": days, "location": "k"}
		with data.params.encryption.rotation_max_days as 365
}

test_rotated if not fails("customer", 365)

test_too_seldom if fails("customer", 366)

test_never if fails("provider", 999999)

test_no_manager if {
	not fails("none", 999999)
	count(key_rotated.not_applicable) == 1 with input.subject.key.manager as "none"
}
