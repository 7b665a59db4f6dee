# METADATA
# scope: package
# title: Administrators prove who they are by more than a password
# description: A password is guessed, reused and phished; who administers a system with one can be anyone, and without a record nobody knows what they did.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(b), 32(4)
# custom:
#   severity: high
#   subject: access.rule
#   gdpr: ["32(1)(b)", "32(4)"]
#   remediation: "Switch passwords off (disable_password_authentication = true), log in through a bastion or an identity provider that demands a second factor, and record sessions."
package gdpr.access.admin_strongly_authenticated

not_applicable contains "not a way to log in" if input.subject.type != "login_path"

deny contains {
	"msg": sprintf("%s may log in to %s with a password", [concat(", ", input.subject.principals), concat(", ", input.subject.resources)]),
	"key": "password",
	"expected": "a key or certificate",
	"actual": input.subject.method,
} if {
	input.subject.type == "login_path"
	input.subject.method == "password"
}

deny contains {
	"msg": sprintf("logging in to %s takes no second factor", [concat(", ", input.subject.resources)]),
	"key": "mfa",
	"expected": "a second factor",
	"actual": "none",
} if {
	input.subject.type == "login_path"
	input.subject.mfa == false
}

deny contains {
	"msg": sprintf("sessions on %s are not recorded", [concat(", ", input.subject.resources)]),
	"key": "recorded",
	"expected": "recorded sessions",
	"actual": "none",
} if {
	input.subject.type == "login_path"
	input.subject.recorded == false
}
