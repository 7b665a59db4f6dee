package gdpr.firewall.environments_separated_test

import data.gdpr.firewall.environments_separated

exposure(environments) := {"protocol": "tcp", "port_from": 5432, "port_to": 5432, "store": ["c#db"], "source_environments": environments}

messages(subject, environment) := {d.msg | some d in found} if {
	found := environments_separated.deny with input as {
		"subject": subject, "target": {"id": "c", "environment": environment},
		"facts": {"data.store": {"c#db": {"id": "db"}}},
	}
		with data.params.data.environments.production as ["production"]
}

test_foreign if messages(exposure(["production", "staging"]), "production") == {"tcp/5432 of db is reached from staging"}

test_separated if messages(exposure(["production"]), "production") == set()

test_unknown_source if {
	messages(exposure(["unknown"]), "production") == set()
	count(environments_separated.unknown) == 1 with input as {"subject": exposure(["unknown"]), "target": {"environment": "production"}}
}

test_environment_not_said if {
	messages(exposure(["staging"]), "") == set()
	count(environments_separated.unknown) == 1 with input as {"subject": exposure([]), "target": {"environment": ""}}
}

test_staging if {
	count(environments_separated.not_applicable) == 1 with input as {"subject": exposure([]), "target": {"environment": "staging"}}
		with data.params.data.environments.production as ["production"]
}

test_no_store if {
	count(environments_separated.not_applicable) == 1 with input as {"subject": {"store": []}, "target": {"environment": "production"}}
		with data.params.data.environments.production as ["production"]
}
