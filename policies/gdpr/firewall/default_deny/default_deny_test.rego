package gdpr.firewall.default_deny_test

import data.gdpr.firewall.default_deny

chain(verdict, opaque) := {"hook": "input", "family": "inet", "default_verdict": verdict, "opaque": opaque}

fails(subject) if {
	count(default_deny.deny) > 0 with input.subject as subject
}

unsure(subject) if {
	count(default_deny.unknown) > 0 with input.subject as subject
}

test_accept if fails(chain("accept", []))

test_drop if {
	not fails(chain("drop", []))
	not unsure(chain("drop", []))
	not unsure(chain("reject", []))
}

test_opaque_may_accept if {
	unsure(chain("drop", [{"text": "jump to dynamic", "verdict": "unknown"}]))
	not unsure(chain("drop", [{"text": "drop by geo", "verdict": "drop"}]))
}

test_opaque_may_drop if {
	not fails(chain("accept", [{"text": "jump to dynamic", "verdict": "unknown"}]))
	unsure(chain("accept", [{"text": "jump to dynamic", "verdict": "unknown"}]))
	fails(chain("accept", [{"text": "accept by geo", "verdict": "accept"}]))
}

test_hooks if {
	count(default_deny.not_applicable) == 1 with input.subject.hook as "output"
		with data.params.firewall.deny_hooks as ["input", "forward"]
	count(default_deny.not_applicable) == 0 with input.subject.hook as "forward"
		with data.params.firewall.deny_hooks as ["input", "forward"]
}
