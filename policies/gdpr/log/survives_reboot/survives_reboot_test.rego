package gdpr.log.survives_reboot_test

import data.gdpr.log.survives_reboot

lost(category, volatile, remote) if {
	count(survives_reboot.deny) > 0 with input.subject as {"category": category, "volatile": volatile, "protection": {"remote": remote}}
}

test_volatile if {
	lost("security_audit", true, [])
	lost("system", true, [])
}

test_kept if {
	not lost("system", false, [])
	not lost("system", true, ["host/log1#/srv/logs"])
	not lost("debug", true, [])
}

test_other_category if count(survives_reboot.not_applicable) == 1 with input.subject.category as "debug"

test_category_unknown if {
	not lost("unknown", true, [])
	count(survives_reboot.unknown) == 1 with input.subject as {"category": "unknown", "volatile": true}
	count(survives_reboot.unknown) == 0 with input.subject as {"category": "unknown", "volatile": false}
}
