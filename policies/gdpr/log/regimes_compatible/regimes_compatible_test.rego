package gdpr.log.regimes_compatible_test

import data.gdpr.log.regimes_compatible

cnil := {"profile": "cnil", "min_days": 180, "max_days": 365}

bounds(lowest, highest, origin) := {"min_days": lowest, "max_days": highest, "must_declare": false, "origin": origin}

test_conflict if {
	some d in regimes_compatible.deny with input.subject.bounds as bounds(400, 365, [cnil, {"profile": "own", "min_days": 400, "max_days": 999999}])
	d.msg == "no period keeps all regimes: own demands at least 400 days, cnil allows at most 365"
}

test_common_period if count(regimes_compatible.deny) == 0 with input.subject.bounds as bounds(365, 365, [cnil, {"profile": "pci", "min_days": 365, "max_days": 999999}])

test_one_regime if count(regimes_compatible.not_applicable) == 1 with input.subject.bounds as bounds(180, 365, [cnil])

test_one_regime_without_number if {
	wanting := {"min_days": 0, "max_days": 999999, "must_declare": true, "origin": [{"profile": "nis2", "min_days": 0, "max_days": 999999}]}
	count(regimes_compatible.not_applicable) == 0 with input.subject.bounds as wanting
	count(regimes_compatible.unknown) == 1 with input.subject.bounds as wanting
}

test_nothing_to_declare if {
	count(regimes_compatible.unknown) == 0 with input.subject.bounds as object.union(bounds(90, 365, []), {"must_declare": true})
	count(regimes_compatible.unknown) == 0 with input.subject.bounds as bounds(0, 365, [])
}
