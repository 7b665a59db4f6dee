package gdpr.data.backup_expires_test

import data.gdpr.data.backup_expires

backup := {"type": "backup", "class": "personal", "retention_days": 36, "dataset": [], "of": []}

fails(subject, facts) if {
	count(backup_expires.deny) > 0 with input.subject as subject
		with input.facts as facts
		with data.params.data.backup_max_days as 35
}

dataset(days, log) := {
	"data.store": {"c#db": {"dataset": ["register#orders"]}},
	"register.dataset": {"register#orders": {"backup_days": days, "erasure_log": log}},
}

test_default_limit if {
	fails(backup, {})
	not fails(object.union(backup, {"retention_days": 35}), {})
}

test_limit_of_the_dataset if {
	not fails(object.union(backup, {"dataset": ["register#orders"]}), dataset(60, ""))
	fails(object.union(backup, {"dataset": ["register#orders"]}), dataset(30, ""))
}

test_limit_of_what_was_backed_up if fails(object.union(backup, {"retention_days": 10, "of": ["c#db"]}), dataset(7, ""))

test_endless if fails(object.union(backup, {"retention_days": 999999}), {})

test_erasures_repeated if not fails(object.union(backup, {"retention_days": 999999, "of": ["c#db"]}), dataset(999999, "erasures"))

test_live_store if count(backup_expires.not_applicable) == 1 with input.subject as {"type": "database", "class": "personal"}

test_class_unknown if {
	not fails(object.union(backup, {"class": "unknown"}), {})
	count(backup_expires.unknown) == 1 with input.subject as object.union(backup, {"class": "unknown"})
		with input.facts as {}
		with data.params.data.backup_max_days as 35
}

test_default_where_the_dataset_names_none if {
	fails(object.union(backup, {"dataset": ["register#orders"]}), dataset(999999, ""))
	not fails(object.union(backup, {"retention_days": 35, "dataset": ["register#orders"]}), dataset(999999, ""))
}

test_class_does_not_matter_in_time if {
	count(backup_expires.unknown) == 0 with input.subject as object.union(backup, {"class": "unknown", "retention_days": 30})
		with input.facts as {}
		with data.params.data.backup_max_days as 35
}
