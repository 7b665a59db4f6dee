package gdpr.firewall.rule_effective_test

import data.gdpr.firewall.rule_effective

fails(covering) if {
	count(rule_effective.deny) > 0 with input.subject as {"action": "accept", "shadowed_by": covering, "opaque": []}
}

test_shadowed if fails(["c#sg/ingress/0"])

test_effective if not fails([])

test_opaque if count(rule_effective.unknown) == 1 with input.subject as {"shadowed_by": [], "opaque": [{"reason": "unknown block"}]}

test_log if count(rule_effective.not_applicable) == 1 with input.subject.action as "log"
