package gdpr.log.tamper_resistant_test

import data.gdpr.log.tamper_resistant

store(protection) := {"category": "security_audit", "protection": object.union({"append_only": false, "sealed": false, "lock_days": 0, "remote": []}, protection)}

fails(protection) if {
	count(tamper_resistant.deny) > 0 with input.subject as store(protection)
}

test_bare if fails({})

test_any_will_do if {
	not fails({"append_only": true})
	not fails({"sealed": true})
	not fails({"lock_days": 30})
}

test_copy if {
	not fails({"remote": ["c#archive"]})
	count(tamper_resistant.unknown) == 1 with input.subject as store({"remote": ["c#archive"]})
}

test_other_category if count(tamper_resistant.not_applicable) == 1 with input.subject.category as "application"

test_category_unknown if count(tamper_resistant.unknown) == 1 with input.subject as object.union(store({}), {"category": "unknown"})

test_protected_of_no_category if {
	count(tamper_resistant.unknown) == 0 with input.subject as object.union(store({"sealed": true}), {"category": "unknown"})
}

test_protected_with_a_copy if count(tamper_resistant.unknown) == 0 with input.subject as store({"sealed": true, "remote": ["c#archive"]})

advised(protection) if {
	count(tamper_resistant.warn) == 1 with input.subject as store(protection)
}

test_deletion_of_the_whole if {
	advised({"append_only": true})
	not advised({"append_only": true, "sealed": true})
	not advised({"append_only": true, "lock_days": 30})
	not advised({"append_only": true, "remote": ["c#archive"]})
	not advised({"lock_days": 30})
}
