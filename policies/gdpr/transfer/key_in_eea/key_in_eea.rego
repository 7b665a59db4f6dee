# METADATA
# scope: package
# title: Where a transfer relies on encryption, the key stays in the EEA
# description: Encryption protects from whoever has no key; a key that is held where the data are protects from nobody there.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a), 46(1)
# custom:
#   severity: medium
#   subject: data.store
#   facts: [register.dataset, register.processor, register.service]
#   gdpr: ["32(1)(a)", "46(1)"]
#   params: [audit.table_max_age_days, transfer.accept_adequate, transfer.countries]
#   remediation: Keep the key in the EEA, with the organisation itself or somebody it trusts there.
package gdpr.transfer.key_in_eea

import data.lib.country

not_applicable contains "no transfer relies on encryption" if count(reliant) == 0

deny contains {
	"msg": "a transfer relies on encryption, and the store is not encrypted",
	"key": "plain",
	"expected": "encrypted",
	"actual": input.subject.encryption.state,
} if {
	count(reliant) > 0
	input.subject.encryption.state == "plain"
}

deny contains {
	"msg": sprintf("a transfer relies on encryption, and the key is kept in %s", [input.subject.key.country]),
	"key": "country",
	"expected": "the EEA",
	"actual": input.subject.key.country,
} if {
	count(reliant) > 0
	input.subject.encryption.state == "encrypted"
	input.subject.key.country != ""
	not country.outdated
	not permitted(input.subject.key.country)
}

deny contains {
	"msg": sprintf("a transfer relies on encryption, and %s in %s holds the key", [processor.name, processor.country]),
	"key": "holder",
	"expected": "a holder in the EEA",
	"actual": processor.country,
} if {
	count(reliant) > 0
	input.subject.encryption.state == "encrypted"
	some ref in processors
	processor := input.facts["register.processor"][ref]
	processor.name == input.subject.key.holder
	not country.outdated
	not permitted(processor.country)
}

unknown contains sprintf("in which country %s holds the key is not known: name it as a processor", [input.subject.key.holder]) if {
	count(reliant) > 0
	input.subject.key.holder != ""
	not input.subject.key.holder in {input.facts["register.processor"][ref].name | some ref in processors}
}

unknown contains "in which country the key is kept is not known" if {
	count(reliant) > 0
	input.subject.encryption.state == "encrypted"
	input.subject.key.country == ""
}

unknown contains sprintf("the table of countries is %v days old", [data.params.transfer.countries.age_days]) if {
	count(reliant) > 0
	country.outdated
}

permitted(code) if country.eea(code)

permitted(code) if {
	data.params.transfer.accept_adequate
	country.adequate(code)
}

reliant contains ref if {
	some ref in processors
	input.facts["register.processor"][ref].relies_on_encryption
}

# Who receives the data in the store.
processors contains ref if {
	some dataset in input.subject.dataset
	some transfer in input.facts["register.dataset"][dataset].transfers
	some ref in transfer.processor
}

processors contains ref if {
	some service in input.subject.service
	some ref in input.facts["register.service"][service].processor
}
