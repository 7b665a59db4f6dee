# METADATA
# scope: package
# title: Key policies name who may decrypt, and keep administration apart
# description: Encryption protects against everybody but the users of the key; whoever may both use and administer it can open it to anyone.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(a), 32(1)(b)
# custom:
#   severity: high
#   subject: access.rule
#   facts: [register.service]
#   gdpr: ["32(1)(a)", "32(1)(b)"]
#   remediation: Name the principals, list those that may decrypt in secret_roles of the service, and split administration from use.
package gdpr.encryption.key_policy_narrow

not_applicable contains sprintf("a %s rule, not a key policy", [input.subject.type]) if input.subject.type != "key_policy"

not_applicable contains "refuses" if input.subject.effect == "deny"

deny contains {
	"msg": "anyone may use or administer the key",
	"key": "everyone",
	"expected": "named principals, or a condition",
	"actual": input.subject.principals,
} if {
	input.subject.type == "key_policy"
	input.subject.wildcards.principal
	not input.subject.restricted
}

deny contains {
	"msg": sprintf("%s may both administer the key and use it", [principal]),
	"key": sprintf("both %s", [principal]),
	"at": principal,
	"expected": "one of the two",
	"actual": "both",
} if {
	input.subject.type == "key_policy"
	some principal in input.subject.both_duties
	not account(principal)
}

deny contains {
	"msg": sprintf("%s may use the key and is not among secret_roles", [principal]),
	"key": sprintf("use %s", [principal]),
	"at": principal,
	"expected": roles,
	"actual": principal,
} if {
	input.subject.type == "key_policy"
	"use" in input.subject.duties
	count(roles) > 0
	some principal in input.subject.principals
	principal != "*"
	not account(principal)
	not principal in roles
}

unknown contains "the register names no secret_roles for the service, so who may use the key is not known" if {
	input.subject.type == "key_policy"
	"use" in input.subject.duties
	count(roles) == 0
	some principal in input.subject.principals
	not account(principal)
}

unknown contains "the policy leaves it to identity policies who may use the key" if {
	input.subject.type == "key_policy"
	input.subject.delegates
}

unknown contains "the policy leaves it to identity policies who may use the key" if {
	input.subject.type == "key_policy"
	some principal in input.subject.principals
	account(principal)
}

# A whole account stands for those whom its identity policies name.
account("account")

account(principal) if endswith(principal, ":root")

account(principal) if regex.match(`^[0-9]{12}$`, principal)

roles contains role if {
	some ref in input.subject.service
	some role in input.facts["register.service"][ref].secret_roles
}
