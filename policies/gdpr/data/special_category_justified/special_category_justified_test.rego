package gdpr.data.special_category_justified_test

import data.gdpr.data.special_category_justified

keys(subject) := {d.key | some d in found} if {
	found := special_category_justified.deny with input.subject as subject
}

test_nothing_named if keys({"class": "special", "art9_condition": "", "dpia": ""}) == {"art9_condition", "dpia"}

test_justified if keys({"class": "special", "art9_condition": "9(2)(h)", "dpia": "DPIA-7"}) == set()

test_not_special if count(special_category_justified.not_applicable) == 1 with input.subject.class as "confidential"

test_class_unknown if {
	count(special_category_justified.not_applicable) == 0 with input.subject.class as "unknown"
	count(special_category_justified.unknown) == 1 with input.subject.class as "unknown"
}
