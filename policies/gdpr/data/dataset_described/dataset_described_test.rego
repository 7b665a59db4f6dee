package gdpr.data.dataset_described_test

import data.gdpr.data.dataset_described

whole := {
	"class": "personal",
	"purpose": "fulfil orders",
	"legal_basis": "contract",
	"owner": "team-orders",
	"recipients": ["none"],
}

keys(subject) := {d.key | some d in found} if {
	found := dataset_described.deny with input.subject as subject
		with data.params.data.legal_bases as ["consent", "contract"]
}

test_whole if keys(whole) == set()

test_nothing_said if {
	keys(object.union(whole, {"purpose": "", "legal_basis": "", "owner": "", "recipients": []})) == {"purpose", "legal_basis", "owner", "recipients"}
}

test_no_such_basis if keys(object.union(whole, {"legal_basis": "because"})) == {"legal_basis"}

test_not_personal if count(dataset_described.not_applicable) == 1 with input.subject.class as "none"

test_class_unknown if keys({"class": "unknown", "purpose": "", "legal_basis": "", "owner": "", "recipients": []}) == set()
