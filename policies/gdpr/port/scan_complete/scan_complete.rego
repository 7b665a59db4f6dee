# METADATA
# scope: package
# title: Scans cover every registered host, and are recent
# description: A port that no scan asked for may be open; a scan of last year says nothing about today.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(d)
# custom:
#   severity: medium
#   subject: run
#   gdpr: ["32(1)(d)"]
#   params: [port.scan_max_days, port.scan_tcp, port.scan_udp]
#   remediation: "Scan the missing hosts, families and ports too (scan://HOST:all,udp), slower where answers were lost."
#   gate_unknown: true
package gdpr.port.scan_complete

not_applicable contains "no scan was asked for" if not input.subject.scan.asked

deny contains {
	"msg": sprintf("%s was not scanned", [missing.target]),
	"key": sprintf("host %s", [missing.target]),
	"at": missing,
	"expected": expected,
	"actual": "none",
} if {
	some missing in input.subject.scan.missing
	missing.ports == ""
}

deny contains {
	"msg": sprintf("the scan of %s (%s) leaves %s ports undecided: %s", [missing.target, missing.family, missing.protocol, missing.ports]),
	"key": sprintf("ports %s %s %s", [missing.target, missing.family, missing.protocol]),
	"at": missing,
	"expected": expected,
	"actual": missing.ports,
} if {
	some missing in input.subject.scan.missing
	missing.ports != ""
}

deny contains {
	"msg": sprintf("the oldest scan is %d days old", [input.subject.scan.age_days]),
	"key": "age",
	"expected": data.params.port.scan_max_days,
	"actual": input.subject.scan.age_days,
} if {
	input.subject.scan.age_days > data.params.port.scan_max_days
}

expected := sprintf("tcp %s, udp %s", [data.params.port.scan_tcp, data.params.port.scan_udp])
