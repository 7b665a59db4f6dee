# METADATA
# scope: package
# title: Copies of personal data rest in the EEA too
# description: Replication is one line of configuration, and carries all data to another continent.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(b), 44
# custom:
#   severity: high
#   subject: data.store
#   facts: [register.dataset]
#   may_read: [data.store]
#   gdpr: ["32(1)(b)", "44"]
#   params: [audit.table_max_age_days, transfer.countries]
#   remediation: Restrict replication, global tables and copied backups to regions in the EEA, or document the transfer.
package gdpr.transfer.replica_permitted

import data.lib.class
import data.lib.country

not_applicable contains "no copies in other regions" if count(input.subject.replica_countries) == 0

not_applicable contains "holds no personal data" if input.subject.class == "none"

deny contains {
	"msg": sprintf("a copy rests in %s, outside the EEA, and no transfer entry covers it", [code]),
	"key": code,
	"at": code,
	"expected": "the EEA, or a transfer entry with a mechanism",
	"actual": code,
	"table_as_at": data.params.transfer.countries.as_at,
} if {
	class.personal(input.subject.class)
	some code in input.subject.replica_countries
	abroad(code)
}

unknown contains "a copy rests outside the EEA, and the class of the store is not known" if {
	input.subject.class == "unknown"
	some code in input.subject.replica_countries
	abroad(code)
}

unknown contains sprintf("the table of countries is %v days old", [data.params.transfer.countries.age_days]) if country.outdated

abroad(code) if {
	not country.outdated
	not country.eea(code)
	not documented(code)
}

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
