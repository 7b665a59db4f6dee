package gdpr.port.register_valid_test

import data.gdpr.port.register_valid

register := {"digest": "sha256:00", "errors": [], "covered": ["config/infra"], "uncovered": []}

keys(changed) := {d.key | some d in found} if {
	found := register_valid.deny with input.subject.register as object.union(register, changed)
}

test_valid if keys({}) == set()

test_missing if keys({"digest": "", "covered": [], "uncovered": ["config/infra"]}) == {"missing"}

test_error if keys({"errors": ["r.hcl:3: no such network"]}) == {"error r.hcl:3: no such network"}

test_uncovered if keys({"uncovered": ["host/db1", "host/db2"]}) == {"uncovered host/db1", "uncovered host/db2"}

test_no_ports if count(register_valid.not_applicable) == 1 with input.subject.register as object.union(register, {"covered": []})
