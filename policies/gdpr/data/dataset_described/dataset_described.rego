# METADATA
# scope: package
# title: Every dataset names purpose, legal basis, owner and recipients
# description: The record of processing lives from these four; without them nobody can say why the data may be held at all.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(b), 6(1), 30(1)(b), 30(1)(c), 30(1)(d)
# custom:
#   severity: medium
#   subject: register.dataset
#   gdpr: ["5(1)(b)", "6(1)", "30(1)(b)", "30(1)(c)", "30(1)(d)"]
#   params: [data.legal_bases]
#   remediation: Complete the dataset in the register; name "none" among recipients if nobody is given the data.
package gdpr.data.dataset_described

not_applicable contains "holds no personal data" if input.subject.class == "none"

deny contains {"msg": "the dataset names no purpose", "key": "purpose", "expected": "a purpose", "actual": ""} if {
	input.subject.class != "unknown"
	input.subject.purpose == ""
}

deny contains {"msg": "the dataset names no legal basis", "key": "legal_basis", "expected": data.params.data.legal_bases, "actual": ""} if {
	input.subject.class != "unknown"
	input.subject.legal_basis == ""
}

deny contains {
	"msg": sprintf("%s is no legal basis of Art. 6(1)", [input.subject.legal_basis]),
	"key": "legal_basis",
	"expected": data.params.data.legal_bases,
	"actual": input.subject.legal_basis,
} if {
	input.subject.class != "unknown"
	input.subject.legal_basis != ""
	not input.subject.legal_basis in data.params.data.legal_bases
}

deny contains {"msg": "nobody owns the dataset", "key": "owner", "expected": "an owner", "actual": ""} if {
	input.subject.class != "unknown"
	input.subject.owner == ""
}

deny contains {"msg": "the dataset names no recipients", "key": "recipients", "expected": "recipients, or none", "actual": ""} if {
	input.subject.class != "unknown"
	count(input.subject.recipients) == 0
}

unknown contains "the class of the dataset is not known" if input.subject.class == "unknown"
