# METADATA
# scope: package
# title: Log files are read by those alone who need them
# description: Logs hold who did what from where; a file that everyone reads is a copy of that for everyone.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(f), 32(4)
# custom:
#   severity: high
#   subject: log.store
#   gdpr: ["5(1)(f)", "32(4)"]
#   params: [log.max_mode]
#   remediation: Take the rights away, and set create in the rule that rotates the file.
package gdpr.log.file_access_restricted

not_applicable contains "it has no files" if count(input.subject.access) == 0

not_applicable contains "holds no personal data" if input.subject.personal == false

deny contains {
	"msg": sprintf("mode %s of a file is wider than %s", [files.mode, data.params.log.max_mode]),
	"key": "mode",
	"expected": data.params.log.max_mode,
	"actual": files.mode,
} if {
	some files in input.subject.access
	wider(files.mode, data.params.log.max_mode)
}

deny contains {
	"msg": sprintf("the next file gets mode %s, wider than %s", [files.create_mode, data.params.log.max_mode]),
	"key": "create",
	"expected": data.params.log.max_mode,
	"actual": files.create_mode,
} if {
	some files in input.subject.access
	files.create_mode != ""
	wider(files.create_mode, data.params.log.max_mode)
}

# wider: one of the last three digits has a right that the limit has not.
wider(mode, limit) if {
	some i in [1, 2, 3]
	given := to_number(substring(mode, count(mode) - i, 1))
	allowed := to_number(substring(limit, count(limit) - i, 1))
	bits.and(given, bits.xor(allowed, 7)) != 0
}
