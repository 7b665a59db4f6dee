# METADATA
# scope: package
# title: A cluster records who did what, and no secrets
# description: The audit log of the API server is the one place that says who read a secret or gave out a right; recorded in full, it holds the secrets itself.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 5(1)(c), 32(1)(d)
# custom:
#   severity: high
#   subject: log.source
#   facts: [log.store]
#   gdpr: ["5(1)(c)", "32(1)(d)"]
#   remediation: "Give the API server an audit policy (--audit-policy-file) whose first rules record secrets, configmaps and tokenreviews at level Metadata, a place to write to, and --audit-log-maxage inside the bounds of the log."
package gdpr.log.cluster_audit_adequate

not_applicable contains "not the API of a cluster" if input.subject.type != "cluster_api"

not_applicable contains "switched off at the provider: judged by gdpr.log.security_events_recorded" if {
	input.subject.type == "cluster_api"
	input.subject.provider != ""
	input.subject.enabled == false
}

deny contains {
	"msg": "the API server keeps no audit log, which takes an audit policy and a place to write to",
	"key": "off",
	"expected": "on",
	"actual": "off",
} if {
	input.subject.type == "cluster_api"
	input.subject.provider == ""
	input.subject.enabled == false
}

deny contains {
	"msg": sprintf("the contents of %s are recorded (level %s)", [what, setting.value]),
	"key": setting.name,
	"expected": "Metadata",
	"actual": setting.value,
	"at": setting,
} if {
	some setting in input.subject.settings
	what := guarded[setting.name]
	setting.value in {"Request", "RequestResponse"}
}

deny contains {
	"msg": sprintf("nothing deletes the audit log %s by its age", [store.id]),
	"key": sprintf("unbounded %s", [ref]),
	"expected": "--audit-log-maxage above 0",
	"actual": "never",
} if {
	some ref, store in kept
	store.declared.max_days >= 999999
}

deny contains {
	"msg": sprintf("the audit log %s is kept up to %v days, longer than the %v allowed", [store.id, store.declared.max_days, store.bounds.max_days]),
	"key": sprintf("maximum %s", [ref]),
	"expected": store.bounds.max_days,
	"actual": store.declared.max_days,
} if {
	some ref, store in kept
	store.declared.max_days < 999999
	store.declared.max_days > store.bounds.max_days
}

# Where there are copies, gdpr.log.retention_meets_minimum counts them.
deny contains {
	"msg": sprintf("records of the audit log %s are certain to be there for %v days, %v are demanded", [store.id, store.declared.min_days, store.bounds.min_days]),
	"key": sprintf("minimum %s", [ref]),
	"expected": store.bounds.min_days,
	"actual": store.declared.min_days,
} if {
	some ref, store in kept
	count(store.protection.remote) == 0
	store.declared.min_days < store.bounds.min_days
}

unknown contains "what is recorded, and how much of it, the provider decides: its audit policy is not part of the configuration" if {
	input.subject.type == "cluster_api"
	input.subject.provider != ""
}

# Settings of an audit policy, and what they are about.
guarded := {"level_configmaps": "ConfigMaps", "level_secrets": "Secrets", "level_tokenreviews": "TokenReviews"}

kept[ref] := store if {
	input.subject.type == "cluster_api"
	input.subject.provider == ""
	some ref in input.subject.stores
	store := input.facts["log.store"][ref]
}
