package gdpr.encryption.secret_referenced_test

import data.gdpr.encryption.secret_referenced

fails(category, form) if {
	count(secret_referenced.deny) > 0 with input.subject as {"category": category, "form": form, "place": "var.token", "by": "name"}
}

test_literal if fails("credential", "literal")

test_reference if {
	not fails("credential", "reference")
	count(secret_referenced.not_applicable) == 1 with input.subject as {"category": "credential", "form": "reference"}
}

test_encrypted if count(secret_referenced.not_applicable) == 1 with input.subject as {"category": "credential", "form": "encrypted"}

test_identifier if {
	not fails("personal_identifier", "literal")
	count(secret_referenced.not_applicable) == 1 with input.subject as {"category": "personal_identifier", "form": "literal"}
}
