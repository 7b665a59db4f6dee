package gdpr.tls.suites_strong_test

import data.gdpr.tls.suites_strong

table := {"as_at": "2026-11-22", "age_days": 0, "rows": [
	{"id": "default", "complete": true, "suites": ["TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]},
	{"id": "untold", "complete": false, "suites": []},
]}

endpoint(suites) := {"encrypted": "tls", "suites": suites, "suites_complete": true}

keys(suites) := {d.key | some d in found} if {
	found := suites_strong.deny with input.subject as endpoint(suites)
		with data.params.tls as {"baseline": "default", "baselines": table}
		with data.params.audit.table_max_age_days as 180
}

test_baseline if keys(["TLS_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]) == set()

test_outside if keys(["TLS_ECDHE_ECDSA_WITH_AES_128_CCM"]) == {"baseline"}

test_no_forward_secrecy if keys(["TLS_RSA_WITH_AES_128_GCM_SHA256"]) == {"weak"}

test_no_authenticated_encryption if keys(["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"]) == {"weak"}

unsure(suites, name, max_age) := found if {
	found := suites_strong.unknown with input.subject as suites
		with data.params.tls as {"baseline": name, "baselines": table}
		with data.params.audit.table_max_age_days as max_age
}

test_unsure if {
	known := endpoint(["TLS_AES_128_GCM_SHA256"])
	unsure(known, "default", 180) == set()
	unsure(object.union(known, {"suites_complete": false}), "default", 180) == {"not all suites were asked for"}
	unsure(known, "untold", 180) == {"the list of suites of the baseline untold is not in the table"}
	unsure(known, "default", -1) == {"the table of baselines is 0 days old"}
	unsure(endpoint([]), "default", 180) == {"no suite is known that can be negotiated"}
}

test_not_tls if count(suites_strong.not_applicable) == 1 with input.subject.encrypted as "none"

test_no_names_of_null if keys(["TLS_ECDHE_RSA_WITH_NULL_SHA", "TLS_ECDH_anon_WITH_AES_128_CBC_SHA"]) == {"weak"}

test_old_table_decides_nothing if {
	found := suites_strong.deny with input.subject as endpoint(["TLS_ECDHE_ECDSA_WITH_AES_128_CCM"])
		with data.params.tls as {"baseline": "default", "baselines": table}
		with data.params.audit.table_max_age_days as -1
	found == set()
}
