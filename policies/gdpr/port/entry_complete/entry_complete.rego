# METADATA
# scope: package
# title: Every documented port says what it is for, whose it is, and until when
# description: "An entry without purpose, owner, reach or date documents nothing: nobody can say later whether the port is still needed."
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(b), 30(1)(b), 30(1)(c)
# custom:
#   severity: medium
#   subject: register.port
#   facts: [register.service]
#   gdpr: ["5(1)(b)", "30(1)(b)", "30(1)(c)"]
#   params: [port.placeholders, port.purpose_min_chars]
#   remediation: Complete the entry in the register.
package gdpr.port.entry_complete

deny contains {"msg": "the port has no purpose", "key": "purpose", "expected": "a purpose", "actual": ""} if {
	input.subject.purpose == ""
}

deny contains {
	"msg": sprintf("%q does not say what the port is for", [input.subject.purpose]),
	"key": "purpose",
	"expected": sprintf("at least %v characters, no placeholder", [data.params.port.purpose_min_chars]),
	"actual": input.subject.purpose,
} if {
	input.subject.purpose != ""
	vague
}

deny contains {"msg": "nobody owns the port", "key": "owner", "expected": "an owner", "actual": ""} if {
	input.subject.owner == ""
}

deny contains {
	"msg": "the entry does not say from how far away the port may be reached",
	"key": "exposure",
	"expected": "loopback, host, internal, partner or internet",
	"actual": "",
} if {
	input.subject.exposure == ""
}

# An empty list that somebody wrote says that there are no personal data.
deny contains {
	"msg": "the entry does not say which data the port gives access to",
	"key": "data",
	"expected": "categories of data, or an empty list",
	"actual": "",
} if {
	count(input.subject.data) == 0
	input.subject.class_basis != "declared"
}

deny contains {"msg": "the entry has no date of review", "key": "review_by", "expected": "a date", "actual": ""} if {
	input.subject.review_by == ""
}

deny contains {
	"msg": sprintf("the review was due on %s", [input.subject.review_by]),
	"key": "review_by",
	"expected": "a date to come",
	"actual": input.subject.review_by,
} if {
	input.subject.review_by != ""
	input.subject.left_days < 0
}

deny contains {"msg": "the port belongs to no service", "key": "service", "expected": "a service", "actual": ""} if {
	count(input.subject.service) == 0
}

vague if count(input.subject.purpose) < data.params.port.purpose_min_chars

# Also with a full stop, or before a colon.
vague if trim(split(lower(input.subject.purpose), ":")[0], " .!?-") in data.params.port.placeholders
