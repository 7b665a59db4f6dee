package gdpr.firewall.temporary_expires_test

import data.gdpr.firewall.temporary_expires

fails(expires_on, left) if {
	count(temporary_expires.deny) > 0 with input.subject as {"temporary": true, "expires_on": expires_on, "left_days": left}
		with data.params.firewall.temporary_max_days as 30
}

test_soon if not fails("2026-12-01", 9)

test_last_day if not fails("2026-11-22", 0)

test_over if fails("2026-11-21", -1)

test_later if {
	not fails("2026-12-22", 30)
	fails("2026-12-23", 31)
}

test_undated if fails("", -999999)

test_permanent if count(temporary_expires.not_applicable) == 1 with input.subject.temporary as false
