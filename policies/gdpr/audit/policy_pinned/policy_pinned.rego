# METADATA
# scope: package
# title: The rules in force are those that were approved
# description: A verdict is worth what its rules are worth; who can change them unseen decides what passes.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2)
# custom:
#   severity: high
#   subject: run
#   gdpr: ["5(2)"]
#   remediation: "Review what changed, then pin the digest that a report names (run.policies): pinned = \"sha256:...\" in the project file of a folder that what is checked cannot change, named with --config."
package gdpr.audit.policy_pinned

deny contains {
	"msg": "the rules in force are not the approved ones",
	"expected": input.subject.policy.pinned,
	"actual": input.subject.policy.digest,
} if {
	input.subject.policy.pinned != ""
	input.subject.policy.digest != input.subject.policy.pinned
}

unknown contains "no trusted configuration says which rules were approved" if {
	input.subject.policy.pinned == ""
}
