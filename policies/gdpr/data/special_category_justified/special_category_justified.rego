# METADATA
# scope: package
# title: Special categories of data have a condition and an impact assessment
# description: Data on health, belief, origin and the like, and on offences, may be processed only under a condition of Art. 9(2) or 10, and their risk has to be assessed first.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 9(2), 10, 35(1)
# custom:
#   severity: high
#   subject: register.dataset
#   gdpr: ["9(2)", "10", "35(1)"]
#   remediation: Name the condition (art9_condition) and the impact assessment (dpia) of the dataset in the register.
package gdpr.data.special_category_justified

not_applicable contains "holds no special category of data" if input.subject.class in {"none", "personal", "confidential"}

deny contains {
	"msg": "no condition of Art. 9(2) or 10 is named",
	"key": "art9_condition",
	"expected": "a condition",
	"actual": "",
} if {
	input.subject.class == "special"
	input.subject.art9_condition == ""
}

# Art. 35(3)(b) speaks of a large scale; here it is always.
deny contains {
	"msg": "no impact assessment is named",
	"key": "dpia",
	"expected": "an impact assessment",
	"actual": "",
} if {
	input.subject.class == "special"
	input.subject.dpia == ""
}

unknown contains "the class of the dataset is not known" if input.subject.class == "unknown"
