# METADATA
# scope: package
# title: Every dataset has a period and the moment it starts from
# description: A period without a starting point never ends; without a period nothing can be deleted on time.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e), 13(2)(a), 30(1)(f)
# custom:
#   severity: high
#   subject: register.dataset
#   gdpr: ["5(1)(e)", "13(2)(a)", "30(1)(f)"]
#   remediation: Set retention and anchor of the dataset in the register.
package gdpr.data.retention_defined

not_applicable contains "holds no personal data" if input.subject.class == "none"

deny contains {"msg": "the dataset has no retention period", "key": "period", "expected": "a period", "actual": "none"} if {
	input.subject.class != "unknown"
	input.subject.period_days >= 999999
}

deny contains {"msg": "the dataset does not say what its period starts from", "key": "anchor", "expected": "a column", "actual": ""} if {
	input.subject.class != "unknown"
	input.subject.anchor == ""
}

unknown contains "the class of the dataset is not known" if input.subject.class == "unknown"
