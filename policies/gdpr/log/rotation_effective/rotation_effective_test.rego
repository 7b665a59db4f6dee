package gdpr.log.rotation_effective_test

import data.gdpr.log.rotation_effective

test_skipped if {
	some d in rotation_effective.deny with input.subject.rotation as [{"rule": "/var/log/a", "effective": false, "reasons": ["bad rotation count", "duplicate entry"]}]
	d.msg == "the rule /var/log/a is not carried out: bad rotation count; duplicate entry"
}

test_carried_out if count(rotation_effective.deny) == 0 with input.subject.rotation as [{"rule": "/var/log/a", "effective": true, "reasons": []}]

test_no_rule if count(rotation_effective.not_applicable) == 1 with input.subject.rotation as []
