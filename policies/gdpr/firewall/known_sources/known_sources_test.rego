package gdpr.firewall.known_sources_test

import data.gdpr.firewall.known_sources

exposure(residual) := {
	"protocol": "tcp", "port_from": 22, "port_to": 22, "verdict": "reachable",
	"register": [], "residual": residual,
}

source(cidr, certainty) := {"cidr": cidr, "group": "", "certainty": certainty}

messages(subject) := {d.msg | some d in found} if {
	found := known_sources.deny with input.subject as subject
}

test_none if messages(exposure([])) == set()

test_certain if messages(exposure([source("10.0.0.0/8", "certain")])) == {"tcp/22 is reached by sources that the register does not declare: 10.0.0.0/8"}

test_many if {
	messages(exposure([source(sprintf("10.0.%d.0/24", [n]), "certain") | some n in numbers.range(1, 5)])) == {"tcp/22 is reached by sources that the register does not declare: 10.0.1.0/24, 10.0.2.0/24, 10.0.3.0/24 and 2 more"}
}

test_possible if {
	maybe := exposure([{"cidr": "", "group": "aws_security_group.app", "certainty": "possible"}])
	messages(maybe) == set()
	known_sources.unknown == {"sources that the register does not declare may reach it: members of aws_security_group.app"} with input.subject as maybe
}

test_open_by_declaration if {
	declared := {"register.port": {"register#web": {"exposure": "internet"}}}
	count(known_sources.not_applicable) == 1 with input.subject as object.union(exposure([]), {"register": ["register#web"]})
		with input.facts as declared
}

test_unreachable if count(known_sources.not_applicable) == 1 with input.subject as {"verdict": "unreachable", "register": []}
