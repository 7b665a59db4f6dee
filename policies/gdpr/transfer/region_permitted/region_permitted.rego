# METADATA
# scope: package
# title: Personal data rest in the EEA, or a transfer entry says why not
# description: Outside the EEA other law reaches the data; a transfer needs a ground in Art. 45, 46 or 49, and somebody who looked at it.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2), 44
# custom:
#   severity: high
#   subject: data.store
#   facts: [register.dataset]
#   may_read: [data.store]
#   gdpr: ["5(2)", "44"]
#   params: [audit.table_max_age_days, transfer.countries]
#   remediation: Move the store to a region in the EEA, or document the transfer with its mechanism in every dataset that the store holds.
package gdpr.transfer.region_permitted

import data.lib.class
import data.lib.country

not_applicable contains "holds no personal data" if input.subject.class == "none"

not_applicable contains "no place of its own" if input.subject.country == ""

deny contains {
	"msg": sprintf("the %s rests in %s%s, outside the EEA, and no transfer entry covers it", [input.subject.type, input.subject.country, region]),
	"expected": "the EEA, or a transfer entry with a mechanism",
	"actual": input.subject.country,
	"table_as_at": data.params.transfer.countries.as_at,
} if {
	class.personal(input.subject.class)
	abroad
}

unknown contains "outside the EEA, and the class of the store is not known" if {
	input.subject.class == "unknown"
	abroad
}

unknown contains sprintf("the table of countries is %v days old", [data.params.transfer.countries.age_days]) if country.outdated

abroad if {
	not country.outdated
	not country.eea(input.subject.country)
	not documented(input.subject.country)
}

region := sprintf(" (%s)", [input.subject.region]) if input.subject.region != ""

region := "" if input.subject.region == ""

# The datasets of the store itself and of what it was made from.
datasets contains ref if some ref in input.subject.dataset

datasets contains ref if {
	some store in input.subject.of
	some ref in input.facts["data.store"][store].dataset
}

# Every dataset in the store has a transfer entry with a mechanism.
documented(code) if {
	count(datasets) > 0
	count({ref | some ref in datasets; not covered(input.facts["register.dataset"][ref].transfers, code)}) == 0
}

covered(transfers, code) if {
	some transfer in transfers
	transfer.country == code
	transfer.mechanism != ""
}
