# METADATA
# scope: package
# title: The state of the infrastructure tool is encrypted, private, versioned and not in the repository
# description: A state holds every attribute of every resource, passwords included, in plain text.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(f), 32(1)(a)
# custom:
#   severity: high
#   subject: data.store
#   gdpr: ["5(1)(f)", "32(1)(a)"]
#   remediation: Keep the state in a remote backend with encryption, versions and no public access, and remove it from the repository.
package gdpr.encryption.state_protected

not_applicable contains "not a state" if input.subject.type != "state"

deny contains {
	"msg": "the state is a file of the repository",
	"key": "tracked",
	"expected": "a remote backend",
	"actual": input.subject.product,
} if {
	input.subject.type == "state"
	input.subject.tracked
}

deny contains {
	"msg": sprintf("the %s backend keeps the state unencrypted", [input.subject.product]),
	"key": "plain",
	"expected": "encrypted",
	"actual": "plain",
} if {
	input.subject.type == "state"
	input.subject.product != "local"
	input.subject.encryption.state == "plain"
}

deny contains {
	"msg": sprintf("anyone can read the state: %s", [concat(", ", input.subject.public_by)]),
	"key": "public",
	"expected": "private",
	"actual": input.subject.public_by,
} if {
	input.subject.type == "state"
	input.subject.product != "local"
	input.subject.public
}

deny contains {
	"msg": sprintf("the %s backend keeps no former versions of the state", [input.subject.product]),
	"key": "unversioned",
	"expected": "versioned",
	"actual": "unversioned",
} if {
	input.subject.type == "state"
	input.subject.product != "local"
	not input.subject.versioned
}

unknown contains "the state is a local file: who may read it, and whether its disk is encrypted, the configuration does not say" if {
	input.subject.type == "state"
	input.subject.product == "local"
}
