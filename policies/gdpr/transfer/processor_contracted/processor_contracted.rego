# METADATA
# scope: package
# title: Every processor has a contract, and its own processors are reviewed
# description: Whoever handles personal data for the controller does so under a contract, and may pass it on only to processors the controller knows.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 28(2), 28(3), 30(1)(d)
# custom:
#   severity: medium
#   subject: register.processor
#   gdpr: ["28(2)", "28(3)", "30(1)(d)"]
#   params: [transfer.subprocessor_review_days]
#   remediation: Conclude the contract and name it; review the list of sub-processors and set subprocessors_reviewed_on.
package gdpr.transfer.processor_contracted

not_applicable contains "receives no personal data" if input.subject.class == "none"

deny contains {"msg": "no contract with the processor is named", "key": "contract", "expected": "a contract", "actual": ""} if {
	input.subject.contract == ""
}

deny contains {
	"msg": "the processors it uses were never reviewed",
	"key": "subprocessors",
	"expected": sprintf("a review every %v days", [data.params.transfer.subprocessor_review_days]),
	"actual": "never",
} if {
	input.subject.subprocessors_reviewed_days >= 999999
}

deny contains {
	"msg": sprintf("the processors it uses were last reviewed %v days ago", [input.subject.subprocessors_reviewed_days]),
	"key": "subprocessors",
	"expected": data.params.transfer.subprocessor_review_days,
	"actual": input.subject.subprocessors_reviewed_days,
} if {
	input.subject.subprocessors_reviewed_days < 999999
	input.subject.subprocessors_reviewed_days > data.params.transfer.subprocessor_review_days
}
