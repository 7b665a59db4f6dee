# METADATA
# scope: package
# title: Every fact is of now, and all files are of one commit
# description: A verdict on old facts is about a system that no longer exists; one over two commits is about a system that never did.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(2), 32(1)(d)
# custom:
#   severity: high
#   subject: run
#   gdpr: ["5(2)", "32(1)(d)"]
#   params: [audit.future_max_minutes, audit.runtime_max_hours, audit.scan_max_hours]
#   remediation: Collect again, and check facts of one commit together.
#   gate_unknown: true
package gdpr.audit.facts_fresh

deny contains {
	"msg": sprintf("facts of %s are %v hours old, at most %v are allowed", [target, floor(max(ages)), data.params.audit.runtime_max_hours]),
	"key": sprintf("runtime %s old", [target]),
	"expected": data.params.audit.runtime_max_hours,
	"actual": floor(max(ages)),
} if {
	some target, ages in hours.runtime
	max(ages) > data.params.audit.runtime_max_hours
}

deny contains {
	"msg": sprintf("the scan of %s is %v hours old, at most %v are allowed", [target, floor(max(ages)), data.params.audit.scan_max_hours]),
	"key": sprintf("scan %s old", [target]),
	"expected": data.params.audit.scan_max_hours,
	"actual": floor(max(ages)),
} if {
	some target, ages in hours.scan
	max(ages) > data.params.audit.scan_max_hours
}

deny contains {
	"msg": sprintf("facts of %s are dated %v minutes ahead of the run", [target, ceil(min(ages) * -60)]),
	"key": sprintf("%s %s future", [mode, target]),
	"expected": sprintf("at most %v minutes", [data.params.audit.future_max_minutes]),
	"actual": ceil(min(ages) * -60),
} if {
	some mode, target
	ages := hours[mode][target]
	min(ages) * -60 > data.params.audit.future_max_minutes
}

deny contains {
	"msg": sprintf("files of %v commits are judged together: %s", [count(commits), concat(", ", commits)]),
	"key": "commits",
	"expected": 1,
	"actual": count(commits),
} if {
	count(commits) > 1
}

# What was read at one moment is one tree.
warn contains "files were read at different times and none names its commit: whether all are of one was not asked" if {
	count(commits) == 0
	count({collection.collected_at |
		some collection in input.subject.collections
		collection.mode == "file"
	}) > 1
}

# Ages by mode and target.
hours[collection.mode][collection.target] contains collection.age_hours if some collection in input.subject.collections

commits contains collection.commit if {
	some collection in input.subject.collections
	collection.mode == "file"
	collection.commit != ""
}
