# METADATA
# scope: package
# title: Every documented port names the data that are known to lie behind it
# description: Who reviews a port must see what is behind it, not only what the first program says about itself.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2), 30(1)(c)
# custom:
#   severity: medium
#   subject: register.port
#   facts: [register.dataset]
#   gdpr: ["5(2)", "30(1)(c)"]
#   remediation: Name the categories of data and the record of processing (activity) of the port.
package gdpr.port.data_classes_named

import data.lib.class

# Only flows that facts name are followed, from service to service. No fact says
# what a load balancer passes on, or what a program fetches elsewhere.
not_applicable contains "no dataset with personal data is known to lie behind it (what a load balancer or the service passes on is not followed)" if count(undecided_or_personal) == 0

deny contains {
	"msg": sprintf("%s data (dataset %s) can be reached, the entry names %s", [dataset.class, dataset.name, named]),
	"key": sprintf("class %s", [ref]),
	"expected": dataset.class,
	"actual": named,
} if {
	some ref in input.subject.reached
	dataset := input.facts["register.dataset"][ref]
	class.personal(dataset.class)
	class.rank[dataset.class] > class.rank[named]
}

deny contains {
	"msg": "the entry names no record of processing for the personal data that can be reached",
	"key": "activity",
	"expected": "an activity",
	"actual": "",
} if {
	input.subject.activity == ""
	some ref in input.subject.reached
	class.personal(input.facts["register.dataset"][ref].class)
}

unknown contains sprintf("the class of the dataset %s is not known", [input.facts["register.dataset"][ref].name]) if {
	some ref in input.subject.reached
	input.facts["register.dataset"][ref].class == "unknown"
}

# What nobody wrote down is not named.
named := input.subject.class if {
	input.subject.class_basis == "declared"
}

named := "none" if input.subject.class_basis != "declared"

undecided_or_personal contains ref if {
	some ref in input.subject.reached
	input.facts["register.dataset"][ref].class != "none"
}
