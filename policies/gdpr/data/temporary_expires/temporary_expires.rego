# METADATA
# scope: package
# title: Caches, queues and temporary stores forget personal data
# description: What was only passing through stays for ever where nothing takes it away, and nobody looks for it there when somebody asks to be erased.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e)
# custom:
#   severity: medium
#   subject: data.store
#   gdpr: ["5(1)(e)"]
#   params: [data.temporary_max_days]
#   remediation: "Set a time after which the store deletes by itself: message_retention_seconds, retention_period, message_retention_duration, an expiry of keys."
package gdpr.data.temporary_expires

import data.lib.class

not_applicable contains sprintf("a %s is meant to last", [input.subject.type]) if {
	not input.subject.type in {"cache", "queue", "temporary", "dump"}
}

not_applicable contains "a dump: judged by gdpr.data.backup_expires" if input.subject.type == "dump"

not_applicable contains "holds no personal data" if input.subject.class == "none"

deny contains {
	"msg": sprintf("the %s keeps what passes through it %s, %v days are allowed", [input.subject.type, period(input.subject.ttl_days), data.params.data.temporary_max_days]),
	"expected": data.params.data.temporary_max_days,
	"actual": actual(input.subject.ttl_days),
} if {
	class.personal(input.subject.class)
	input.subject.type in {"cache", "queue", "temporary"}
	not forgotten_by_others
	input.subject.ttl_days > data.params.data.temporary_max_days
}

unknown contains "the cache forgets nothing by itself: whether the application gives its entries a time to live is not known" if forgotten_by_others

unknown contains "kept longer than personal data may be, and its class is not known" if {
	input.subject.class == "unknown"
	input.subject.type in {"cache", "queue", "temporary"}
	input.subject.ttl_days > data.params.data.temporary_max_days
}

# Entries of a cache end when the application said so, as it wrote them.
forgotten_by_others if {
	input.subject.type == "cache"
	input.subject.ttl_days >= 999999
}

period(days) := sprintf("up to %v days", [days]) if days < 999999

period(days) := "without end" if days >= 999999

actual(days) := days if days < 999999

actual(days) := "never" if days >= 999999
