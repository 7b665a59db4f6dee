# METADATA
# scope: package
# title: Audit records cannot be changed unseen
# description: An intruder cleans up first; records that the intruder can rewrite prove nothing.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(f), 5(2), 32(1)(b)
# custom:
#   severity: medium
#   subject: log.store
#   gdpr: ["5(1)(f)", "5(2)", "32(1)(b)"]
#   remediation: Lock the records, seal them, make the store append-only, or ship a copy to another account.
package gdpr.log.tamper_resistant

not_applicable contains "not an audit log" if not input.subject.category in {"security_audit", "unknown"}

deny contains {
	"msg": "records can be changed or deleted, and nothing would show it",
	"expected": "append-only, sealed, locked, or a copy elsewhere",
	"actual": "none of these",
} if {
	input.subject.category == "security_audit"
	not protected
	count(input.subject.protection.remote) == 0
}

unknown contains "whether the copy is out of reach of who can change the records is not known" if {
	input.subject.category == "security_audit"
	not protected
	count(input.subject.protection.remote) > 0
}

unknown contains "the register names no category for the store: it may be an audit log" if {
	input.subject.category == "unknown"
	not protected
}

protected if input.subject.protection.append_only

protected if input.subject.protection.sealed

protected if input.subject.protection.lock_days > 0

# Who may only add records may yet delete the store they are in.
warn contains "records can only be added, but who may delete the store deletes them all, and no copy is known: ship one to another account" if {
	input.subject.category == "security_audit"
	input.subject.protection.append_only
	not input.subject.protection.sealed
	input.subject.protection.lock_days == 0
	count(input.subject.protection.remote) == 0
}
