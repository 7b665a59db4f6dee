# METADATA
# scope: package
# title: Everything the register names was looked at, completely
# description: What a run did not look at it cannot vouch for; a scan that skips half of the systems finds half of the problems and calls it green.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(d)
# custom:
#   severity: high
#   subject: run
#   gdpr: ["32(1)(d)"]
#   params: [audit.coverage_min]
#   remediation: Name the missing sources on the command line, and repair what keeps collectors from reading all.
#   gate_unknown: true
package gdpr.audit.coverage_complete

deny contains {
	"msg": sprintf("nothing was collected about %s", [asset]),
	"key": sprintf("asset %s", [asset]),
	"expected": data.params.audit.coverage_min,
	"actual": count(input.subject.assets.covered) / count(input.subject.assets.expected),
} if {
	count(input.subject.assets.covered) < data.params.audit.coverage_min * count(input.subject.assets.expected)
	some asset in input.subject.assets.expected
	not asset in input.subject.assets.covered
}

deny contains {
	"msg": sprintf("items of %s may be missing in %s: %s", [target, concat(", ", kinds), concat("; ", causes[target])]),
	"key": sprintf("partial %s", [target]),
	"expected": "complete facts",
	"actual": kinds,
} if {
	some target, kinds in partial
}

unknown contains "the register names no targets, so what should have been looked at is not known" if {
	count(input.subject.assets.expected) == 0
}

# The kinds of a target that are not complete, and why.
partial[collection.target] contains collection.kind if {
	some collection in input.subject.collections
	not collection.complete
}

partial[collection.target] contains collection.kind if {
	some collection in input.subject.collections
	count(collection.errors) > 0
}

causes[target] contains error if {
	some target, _ in partial
	some collection in input.subject.collections
	collection.target == target
	some error in collection.errors
}

causes[target] contains "no reason given" if {
	some target, kinds in partial
	every collection in input.subject.collections {
		not erroneous(collection.target, target, collection.errors)
	}
}

erroneous(of, target, errors) if {
	of == target
	count(errors) > 0
}
