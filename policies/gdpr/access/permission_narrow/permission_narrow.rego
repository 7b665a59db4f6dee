# METADATA
# scope: package
# title: No permission on personal data is a wildcard
# description: Who may do everything may also export, change and delete everything, by mistake or on purpose.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(2), 32(4)
# custom:
#   severity: high
#   subject: access.rule
#   facts: [data.store]
#   gdpr: ["25(2)", "32(4)"]
#   remediation: Name the actions and the resources that are needed.
package gdpr.access.permission_narrow

import data.lib.class
import data.lib.list

not_applicable contains sprintf("a %s rule, not a permission of a role or a bucket", [input.subject.type]) if {
	not input.subject.type in {"iam", "rbac", "bucket_policy"}
}

not_applicable contains "refuses" if input.subject.effect == "deny"

deny contains {
	"msg": sprintf("every action is allowed on %s", [list.short(names)]),
	"key": "action",
	"expected": "the actions needed",
	"actual": input.subject.actions,
} if {
	input.subject.wildcards.action
	count(personal) > 0
}

deny contains {
	"msg": sprintf("every resource is covered, with it %s", [list.short(names)]),
	"key": "resource",
	"expected": "the resources needed",
	"actual": input.subject.resources,
} if {
	input.subject.wildcards.resource
	count(personal) > 0
}

deny contains {
	"msg": "secrets of the whole cluster can be read",
	"key": "secrets",
	"expected": "the secrets needed",
	"actual": input.subject.actions,
} if {
	input.subject.type == "rbac"
	input.subject.wildcards.resource
	some action in input.subject.actions
	action in {"get secrets", "list secrets", "watch secrets", "*"}
}

unknown contains "everything is allowed on everything, also on stores that are not declared here" if {
	"*" in input.subject.actions
	input.subject.wildcards.resource
	count(input.subject.store) == 0
}

unknown contains "everything is allowed on everything of its namespace, also on stores that are not declared here" if {
	input.subject.type == "rbac"
	"*" in input.subject.actions
	not input.subject.wildcards.resource
	count(input.subject.store) == 0
}

unknown contains "the class of a store it covers is not known" if {
	open
	some ref in input.subject.store
	input.facts["data.store"][ref].class == "unknown"
}

open if input.subject.wildcards.action

open if input.subject.wildcards.resource

personal contains ref if {
	some ref in input.subject.store
	class.personal(input.facts["data.store"][ref].class)
}

names := sort([input.facts["data.store"][ref].id | some ref in personal])
