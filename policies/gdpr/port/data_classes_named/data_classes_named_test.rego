package gdpr.port.data_classes_named_test

import data.gdpr.port.data_classes_named

entry(class, basis, activity) := {"class": class, "class_basis": basis, "activity": activity, "reached": ["register#orders"]}

dataset(class) := {"register.dataset": {"register#orders": {"name": "orders", "class": class}}}

keys(subject, facts) := {d.key | some d in found} if {
	found := data_classes_named.deny with input.subject as subject
		with input.facts as facts
}

test_named if keys(entry("personal", "declared", "orders"), dataset("personal")) == set()

test_lower if keys(entry("personal", "declared", "orders"), dataset("special")) == {"class register#orders"}

test_assumed_is_not_named if keys(entry("personal", "assumed", "orders"), dataset("personal")) == {"class register#orders"}

test_no_activity if keys(entry("personal", "declared", ""), dataset("personal")) == {"activity"}

test_nothing_personal if {
	keys(entry("none", "declared", ""), dataset("none")) == set()
	count(data_classes_named.not_applicable) == 1 with input.subject as entry("none", "declared", "")
		with input.facts as dataset("none")
}

test_class_unknown if {
	count(data_classes_named.unknown) == 1 with input.subject as entry("none", "declared", "orders")
		with input.facts as dataset("unknown")
}
