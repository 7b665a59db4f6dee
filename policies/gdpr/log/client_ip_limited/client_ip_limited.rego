# METADATA
# scope: package
# title: Full client addresses are not kept longer than allowed
# description: An address says who was where and when; it is needed to fend off attacks for some weeks, and truncated for statistics.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(c), 25(2)
# custom:
#   severity: medium
#   subject: log.source
#   facts: [log.store]
#   gdpr: ["5(1)(c)", "25(2)"]
#   remediation: Truncate the address, or shorten the retention of the log.
package gdpr.log.client_ip_limited

not_applicable contains "records no client address" if count(addresses) == 0

not_applicable contains sprintf("a %s log, no access log", [input.subject.category]) if {
	not input.subject.category in {"app_access", "unknown"}
}

not_applicable contains "records nothing" if input.subject.enabled == false

deny contains {
	"msg": sprintf("full client addresses are kept %s in %s, %v days are allowed", [period(store.declared.max_days), store.id, store.bounds.max_days]),
	"key": ref,
	"expected": store.bounds.max_days,
	"actual": actual(store.declared.max_days),
} if {
	input.subject.category == "app_access"
	"full" in addresses
	some ref in input.subject.stores
	store := input.facts["log.store"][ref]
	store.declared.max_days > store.bounds.max_days
}

unknown contains "full client addresses are recorded, and where they are kept is not known" if {
	input.subject.category == "app_access"
	"full" in addresses
	count(input.subject.stores) == 0
}

unknown contains "full client addresses are recorded, and what kind of log it is is not known" if {
	input.subject.category == "unknown"
	"full" in addresses
}

addresses contains field.form if {
	some field in input.subject.fields
	field.name == "client_address"
}

period(days) := sprintf("up to %v days", [days]) if days < 999999

period(days) := "without end" if days >= 999999

actual(days) := days if days < 999999

actual(days) := "never" if days >= 999999
