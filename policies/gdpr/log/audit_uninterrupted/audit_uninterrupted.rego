# METADATA
# scope: package
# title: The audit trail does not end in silence when its disk is full
# description: A trail that is suspended records nothing of what happens from then on, and who fills the disk decides when.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(b), 32(1)(d)
# custom:
#   severity: medium
#   subject: log.source
#   gdpr: ["32(1)(b)", "32(1)(d)"]
#   remediation: Set the action to one that tells somebody or stops the machine, syslog, email, exec, single or halt, by the risk.
package gdpr.log.audit_uninterrupted

not_applicable contains "not an audit trail" if input.subject.type != "audit_trail"

not_applicable contains "its settings do not say what becomes of it when it cannot be written" if {
	input.subject.type == "audit_trail"
	count([name | some name in names; name in actions]) == 0
}

not_applicable contains "it is switched off" if input.subject.enabled == false

deny contains {
	"msg": sprintf("%s is %s: records are lost and nobody is told", [setting.name, setting.value]),
	"key": setting.name,
	"expected": "an action that tells somebody",
	"actual": setting.value,
} if {
	input.subject.type == "audit_trail"
	some setting in input.subject.settings
	setting.name in actions
	setting.value in {"ignore", "suspend"}
}

actions := {"admin_space_left_action", "disk_error_action", "disk_full_action", "overflow_action", "space_left_action"}

names contains setting.name if some setting in input.subject.settings
