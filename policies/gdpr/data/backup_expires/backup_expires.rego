# METADATA
# scope: package
# title: Backups of personal data are gone in time
# description: "What was erased lives on in backups: they have to end within a known time, or erasures have to be repeated after every restore."
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(e), 17(1)
# custom:
#   severity: high
#   subject: data.store
#   facts: [register.dataset]
#   may_read: [data.store]
#   gdpr: ["5(1)(e)", "17(1)"]
#   params: [data.backup_max_days]
#   remediation: Shorten the retention of the backup, or keep a log of erasures and name it in the dataset (erasure_log).
package gdpr.data.backup_expires

import data.lib.class

not_applicable contains "not a backup" if not input.subject.type in {"backup", "snapshot", "dump"}

not_applicable contains "holds no personal data" if input.subject.class == "none"

deny contains {
	"msg": sprintf("nothing deletes the %s; after %v days it has to be gone", [input.subject.type, limit]),
	"expected": limit,
	"actual": "never",
} if {
	class.personal(input.subject.class)
	input.subject.retention_days >= 999999
	over
}

deny contains {
	"msg": sprintf("the %s is kept %v days, longer than the %v allowed", [input.subject.type, input.subject.retention_days, limit]),
	"expected": limit,
	"actual": input.subject.retention_days,
} if {
	class.personal(input.subject.class)
	input.subject.retention_days < 999999
	over
}

unknown contains "kept longer than personal data may be, and its class is not known" if {
	input.subject.class == "unknown"
	over
}

over if {
	input.subject.retention_days > limit
	not erasures_repeated
}

# The datasets of the backup itself and of what it was made from.
datasets contains ref if some ref in input.subject.dataset

datasets contains ref if {
	some store in input.subject.of
	some ref in input.facts["data.store"][store].dataset
}

periods contains days if {
	some ref in datasets
	days := input.facts["register.dataset"][ref].backup_days
	days < 999999
}

limit := min(periods) if count(periods) > 0

limit := data.params.data.backup_max_days if count(periods) == 0

unrepeated contains ref if {
	some ref in datasets
	input.facts["register.dataset"][ref].erasure_log == ""
}

erasures_repeated if {
	count(datasets) > 0
	count(unrepeated) == 0
}
