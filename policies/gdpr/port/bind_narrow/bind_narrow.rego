# METADATA
# scope: package
# title: A service is bound no wider than its port is meant to reach
# description: A filter that is lifted by mistake opens what is bound to every address; what is bound to one network stays there.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(2), 32(1)(b)
# custom:
#   severity: high
#   subject: port.listener
#   facts: [register.port, firewall.exposure]
#   gdpr: ["25(2)", "32(1)(b)"]
#   remediation: Bind the service to the interface it is meant for, or restrict its sources with a filter.
package gdpr.port.bind_narrow

import data.lib.scope

not_applicable contains "in no register entry: judged by gdpr.port.documented" if count(input.subject.register) == 0

deny contains {
	"msg": sprintf("%s is bound where %s reaches it and filters let in %s, the register declares %s", [input.subject.id, input.subject.scope, reached, entry.exposure]),
	"key": ref,
	"expected": entry.exposure,
	"actual": reached,
} if {
	some ref in input.subject.register
	entry := input.facts["register.port"][ref]
	entry.exposure != ""
	scope.wider(input.subject.scope, entry.exposure)
	some reached in admitted
	scope.wider(reached, entry.exposure)
	reached == scope.widest(admitted)
}

deny contains {
	"msg": sprintf("%s is bound where %s reaches it and no filter is known, the register declares %s", [input.subject.id, input.subject.scope, entry.exposure]),
	"key": ref,
	"expected": entry.exposure,
	"actual": input.subject.scope,
} if {
	some ref in input.subject.register
	entry := input.facts["register.port"][ref]
	entry.exposure != ""
	scope.wider(input.subject.scope, entry.exposure)
	count(input.subject.exposure) == 0
}

unknown contains "who gets through the filters is not known" if {
	some ref in input.subject.register
	entry := input.facts["register.port"][ref]
	scope.wider(input.subject.scope, entry.exposure)
	some other in input.subject.exposure
	input.facts["firewall.exposure"][other].verdict == "unknown"
}

unknown contains sprintf("the entry %s does not say from how far away the port may be reached", [entry.id]) if {
	some ref in input.subject.register
	entry := input.facts["register.port"][ref]
	entry.exposure == ""
}

admitted contains exposure.scope_v4 if {
	some ref in input.subject.exposure
	exposure := input.facts["firewall.exposure"][ref]
}

admitted contains exposure.scope_v6 if {
	some ref in input.subject.exposure
	exposure := input.facts["firewall.exposure"][ref]
}
