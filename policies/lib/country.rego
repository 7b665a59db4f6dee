# METADATA
# scope: package
# title: Countries
# description: Where personal data may go without an instrument of Art. 46, by the dated table of countries.
package lib.country

eea(code) if {
	some row in data.params.transfer.countries.rows
	row.country == code
	row.status == "eea"
}

adequate(code) if {
	some row in data.params.transfer.countries.rows
	row.country == code
	row.status == "adequate"
}

# An old table decides nothing.
outdated if data.params.transfer.countries.age_days > data.params.audit.table_max_age_days
