# METADATA
# scope: package
# title: A port is open no farther away than declared
# description: What a scan reaches is the truth about every filter on the way; the register says how far that was meant to be.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(2), 32(1)(b)
# custom:
#   severity: critical
#   subject: port.scanned
#   facts: [register.port]
#   gdpr: ["25(2)", "32(1)(b)"]
#   params: [port.internal_severity]
#   remediation: Close the port, narrow its filter, or document why it is open.
package gdpr.port.reach_declared

import data.lib.scope

not_applicable contains sprintf("the port is %s", [input.subject.state]) if input.subject.state in {"closed", "filtered"}

deny contains {
	"msg": sprintf("%s is open from %s, and no register entry covers it", [input.subject.id, input.subject.vantage.scope]),
	"key": "none",
	"severity": severity,
	"expected": "loopback",
	"actual": input.subject.vantage.scope,
} if {
	input.subject.state == "open"
	count(input.subject.register) == 0
	scope.wider(input.subject.vantage.scope, "loopback")
}

deny contains {
	"msg": sprintf("%s is open from %s, the register declares %s", [input.subject.id, input.subject.vantage.scope, entry.exposure]),
	"key": ref,
	"severity": severity,
	"expected": entry.exposure,
	"actual": input.subject.vantage.scope,
} if {
	input.subject.state == "open"
	some ref in input.subject.register
	entry := input.facts["register.port"][ref]
	entry.exposure != ""
	scope.wider(input.subject.vantage.scope, entry.exposure)
}

unknown contains "whether the port is open is not known" if input.subject.state == "unknown"

unknown contains sprintf("the entry %s does not say from how far away the port may be reached", [entry.id]) if {
	input.subject.state == "open"
	some ref in input.subject.register
	entry := input.facts["register.port"][ref]
	entry.exposure == ""
}

severity := "critical" if input.subject.vantage.scope == "internet"

severity := data.params.port.internal_severity if input.subject.vantage.scope != "internet"
