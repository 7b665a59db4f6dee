# METADATA
# scope: package
# title: Records of security and of the system outlive a restart
# description: Who stops a machine would otherwise delete what it recorded.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(d)
# custom:
#   severity: medium
#   subject: log.store
#   gdpr: ["32(1)(d)"]
#   remediation: Set Storage=persistent, or forward the records to a store that keeps them.
package gdpr.log.survives_reboot

not_applicable contains sprintf("category %s", [input.subject.category]) if not input.subject.category in {"security_audit", "system", "unknown"}

deny contains {
	"msg": "records are lost when the machine starts again, and nothing keeps a copy",
	"expected": "a store on a disk, or a copy",
	"actual": "memory",
} if {
	input.subject.category in {"security_audit", "system"}
	input.subject.volatile
	count(input.subject.protection.remote) == 0
}

unknown contains "the category is not known, and records are lost when the machine starts again" if {
	input.subject.category == "unknown"
	input.subject.volatile
}
