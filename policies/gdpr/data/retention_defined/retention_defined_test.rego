package gdpr.data.retention_defined_test

import data.gdpr.data.retention_defined

keys(subject) := {d.key | some d in found} if {
	found := retention_defined.deny with input.subject as subject
}

test_defined if keys({"class": "personal", "period_days": 3650, "anchor": "public.orders.closed_at"}) == set()

test_undefined if keys({"class": "special", "period_days": 999999, "anchor": ""}) == {"period", "anchor"}

test_class_unknown if keys({"class": "unknown", "period_days": 999999, "anchor": ""}) == set()

test_not_personal if count(retention_defined.not_applicable) == 1 with input.subject.class as "none"
