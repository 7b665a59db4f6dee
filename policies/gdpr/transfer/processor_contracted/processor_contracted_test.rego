package gdpr.transfer.processor_contracted_test

import data.gdpr.transfer.processor_contracted

keys(subject) := {d.key | some d in found} if {
	found := processor_contracted.deny with input.subject as subject
		with data.params.transfer.subprocessor_review_days as 365
}

test_contracted if keys({"class": "personal", "contract": "DPA-7", "subprocessors_reviewed_days": 365}) == set()

test_no_contract if keys({"class": "personal", "contract": "", "subprocessors_reviewed_days": 1}) == {"contract"}

test_review_old if keys({"class": "personal", "contract": "DPA-7", "subprocessors_reviewed_days": 366}) == {"subprocessors"}

test_never_reviewed if keys({"class": "personal", "contract": "DPA-7", "subprocessors_reviewed_days": 999999}) == {"subprocessors"}

test_nothing_personal if count(processor_contracted.not_applicable) == 1 with input.subject.class as "none"
