# METADATA
# scope: package
# title: Accepted and refused connections are recorded
# description: Without a record nobody can tell who came in before a breach was noticed, nor who tried.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(d), 33(1)
# custom:
#   severity: medium
#   subject: firewall.exposure
#   gdpr: ["32(1)(d)", "33(1)"]
#   params: [firewall.allow_sampled, firewall.log_accept_from_class, firewall.log_min_per_second]
#   remediation: Add flow logs for all traffic to the network, or a log statement to the rules.
package gdpr.firewall.traffic_logged

import data.lib.class
import data.lib.socket

not_applicable contains "reached from the host itself only" if {
	"loopback" in {input.subject.scope_v4, input.subject.scope_v6}
	{input.subject.scope_v4, input.subject.scope_v6} - {"none", "loopback"} == set()
}

deny contains {
	"msg": sprintf("accepted connections to %s are not recorded", [socket.label(input.subject.protocol, input.subject.port_from, input.subject.port_to)]),
	"key": "accepted",
	"expected": "yes",
	"actual": "no",
} if {
	class.reaches(input.subject.class, data.params.firewall.log_accept_from_class)
	some path in input.subject.paths
	path.verdict in {"reachable", "conditional"}
	path.logged == "no"
}

deny contains {
	"msg": sprintf("refused connections to %s are not recorded", [socket.label(input.subject.protocol, input.subject.port_from, input.subject.port_to)]),
	"key": "denied",
	"expected": "yes",
	"actual": "no",
} if {
	some path in input.subject.paths
	path.verdict == "unreachable"
	path.logged == "no"
}

deny contains {
	"msg": sprintf("connections to %s are recorded by sample only, %v a second", [socket.label(input.subject.protocol, input.subject.port_from, input.subject.port_to), min(rates)]),
	"key": "sampled",
	"expected": expected,
	"actual": min(rates),
} if {
	count(rates) > 0
	insufficient
}

unknown contains "whether the connections that are not recorded are accepted or refused is not known" if {
	some path in input.subject.paths
	path.verdict == "unknown"
	path.logged == "no"
}

unknown contains "accepted connections are not recorded, and the class of the data is not known" if {
	input.subject.class == "unknown"
	some path in input.subject.paths
	path.verdict in {"reachable", "conditional"}
	path.logged == "no"
}

# Rates of the paths that have to be recorded and are sampled.
rates contains path.log_per_second if {
	some path in input.subject.paths
	path.logged == "sampled"
	path.verdict == "unreachable"
}

rates contains path.log_per_second if {
	some path in input.subject.paths
	path.logged == "sampled"
	path.verdict != "unreachable"
	class.reaches(input.subject.class, data.params.firewall.log_accept_from_class)
}

insufficient if not data.params.firewall.allow_sampled

insufficient if min(rates) < data.params.firewall.log_min_per_second

expected := "all" if not data.params.firewall.allow_sampled

expected := data.params.firewall.log_min_per_second if data.params.firewall.allow_sampled
