# METADATA
# scope: package
# title: Documented ports are served by the declared process
# description: The entry justifies one service; another program on its port has the same way in, and no justification.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(b), 32(2)
# custom:
#   severity: high
#   subject: port.listener
#   facts: [register.port]
#   gdpr: ["32(1)(b)", "32(2)"]
#   remediation: Find out whether it is an impostor or a change that nobody wrote down, then correct the host or the entry.
package gdpr.port.served_as_declared

not_applicable contains "in no register entry: judged by gdpr.port.documented" if count(input.subject.register) == 0

deny contains {
	"msg": message(input.subject.id, difference.field, difference.expected, difference.actual),
	"key": sprintf("%s %s", [difference.field, difference.expected]),
	"at": difference,
	"expected": difference.expected,
	"actual": difference.actual,
} if {
	some difference in input.subject.process_mismatch
}

unknown contains sprintf("the entry %s names no process", [entry.id]) if {
	some ref in input.subject.register
	entry := input.facts["register.port"][ref]
	entry.process.exe == ""
	entry.process.unit == ""
	entry.process.user == ""
	entry.process.image_digest == ""
}

message(id, field, expected, found) := sprintf("%s is served by %s, the register declares %s", [id, actual(field, found), expected]) if field != "wire"

message(id, field, expected, found) := sprintf("%s speaks %s, and its program is one of %s", [id, found, expected]) if field == "wire"

actual(field, value) := sprintf("no known %s", [field]) if value == ""

actual(field, value) := sprintf("the %s %s", [field, value]) if value != ""
