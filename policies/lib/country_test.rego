package lib.country_test

import data.lib.country

table := {"age_days": 181, "rows": [{"country": "DE", "status": "eea"}, {"country": "CH", "status": "adequate"}]}

test_status if {
	country.eea("DE") with data.params.transfer.countries as table
	country.adequate("CH") with data.params.transfer.countries as table
	not country.eea("CH") with data.params.transfer.countries as table
	not country.eea("US") with data.params.transfer.countries as table
	not country.adequate("US") with data.params.transfer.countries as table
}

test_outdated if {
	country.outdated with data.params.transfer.countries as table
		with data.params.audit.table_max_age_days as 180
	not country.outdated with data.params.transfer.countries as table
		with data.params.audit.table_max_age_days as 181
}
