# METADATA
# scope: package
# title: A breach would be noticed and notified in time
# description: The clock of Art. 33 starts when somebody becomes aware; an alert that goes nowhere, or a procedure that nobody ever tried, uses it up.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 33(1), 33(2), 34(1)
# custom:
#   severity: medium
#   subject: run
#   gdpr: ["33(1)", "33(2)", "34(1)"]
#   params: [audit.drill_max_days, audit.notify_hours]
#   remediation: "Say in the register's controller block where alerts go (alert_route) and when a notification was last exercised (breach_drilled_on); exercise one."
package gdpr.audit.notification_exercised

deny contains {
	"msg": sprintf("%s: alerts go nowhere, and a breach has to be notified within %v hours", [entry.controller, data.params.audit.notify_hours]),
	"key": sprintf("route %s", [entry.controller]),
	"expected": "a route of alerts",
	"actual": "none",
	"at": entry,
} if {
	some entry in input.subject.notification
	entry.route == ""
}

deny contains {
	"msg": sprintf("%s: the last exercise of a notification was %v days ago, at most %v are allowed", [entry.controller, entry.drilled_days, data.params.audit.drill_max_days]),
	"key": sprintf("drill %s", [entry.controller]),
	"expected": data.params.audit.drill_max_days,
	"actual": entry.drilled_days,
	"at": entry,
} if {
	some entry in input.subject.notification
	entry.drilled_days < 999999
	entry.drilled_days > data.params.audit.drill_max_days
}

deny contains {
	"msg": sprintf("%s: a notification was never exercised", [entry.controller]),
	"key": sprintf("drill %s", [entry.controller]),
	"expected": data.params.audit.drill_max_days,
	"actual": "never",
	"at": entry,
} if {
	some entry in input.subject.notification
	entry.drilled_days >= 999999
}

unknown contains "the register does not say where alerts go, nor when a notification was exercised" if {
	count(input.subject.notification) == 0
}
