# METADATA
# scope: package
# title: What no rule admits is refused
# description: A filter that lets through what nobody thought of protects only against what somebody did.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(2), 32(1)(b)
# custom:
#   severity: high
#   subject: firewall.chain
#   gdpr: ["25(2)", "32(1)(b)"]
#   params: [firewall.deny_hooks]
#   remediation: Set the policy of the chain to drop, or add a default-deny network policy.
#   gate_unknown: true
package gdpr.firewall.default_deny

not_applicable contains sprintf("%s traffic is not asked for by firewall.deny_hooks", [input.subject.hook]) if {
	not input.subject.hook in data.params.firewall.deny_hooks
}

deny contains {
	"msg": sprintf("new %s packets (%s) that no rule matches are accepted", [input.subject.hook, input.subject.family]),
	"expected": "drop",
	"actual": input.subject.default_verdict,
} if {
	input.subject.default_verdict == "accept"
	count(opposing("drop")) == 0
}

# What is not modelled may turn the verdict around.
unknown contains sprintf("what happens to a packet that no rule matches hangs on: %s", [o.text]) if {
	input.subject.default_verdict == "accept"
	some o in opposing("drop")
}

unknown contains sprintf("what happens to a packet that no rule matches hangs on: %s", [o.text]) if {
	input.subject.default_verdict != "accept"
	some o in opposing("accept")
}

opposing(verdict) := [o |
	some o in input.subject.opaque
	o.verdict in {verdict, "unknown"}
]
