package gdpr.firewall.egress_restricted_test

import data.gdpr.firewall.egress_restricted

chain(class, destinations) := {"hook": "output", "class": class, "default_verdict": "drop", "residual_egress": destinations}

to(cidr, certainty) := {"cidr": cidr, "certainty": certainty}

keys(subject, allowed) := {d.key | some d in found} if {
	found := egress_restricted.deny with input.subject as subject
		with data.params.firewall as {"egress_from_class": "confidential", "egress_allowed": allowed}
}

test_closed if keys(chain("confidential", []), []) == set()

test_everywhere if keys(chain("special", [to("0.0.0.0/0", "certain")]), []) == {"destinations"}

test_allowed if {
	keys(chain("special", [to("10.1.2.0/24", "certain")]), ["10.0.0.0/8"]) == set()
	keys(chain("special", [to("0.0.0.0/0", "certain")]), ["10.0.0.0/8"]) == {"destinations"}
}

test_default if keys(object.union(chain("special", []), {"default_verdict": "accept"}), []) == {"default"}

test_possible if {
	keys(chain("special", [to("0.0.0.0/0", "possible")]), []) == set()
	count(egress_restricted.unknown) == 1 with input.subject as chain("special", [to("0.0.0.0/0", "possible")])
		with data.params.firewall.egress_allowed as []
}

test_lower_class if {
	keys(chain("personal", [to("0.0.0.0/0", "certain")]), []) == set()
	count(egress_restricted.not_applicable) == 1 with input.subject as chain("personal", [])
		with data.params.firewall.egress_from_class as "confidential"
}

test_input if count(egress_restricted.not_applicable) == 1 with input.subject as {"hook": "input", "class": "special"}
	with data.params.firewall.egress_from_class as "confidential"

test_class_unknown if {
	open := object.union(chain("unknown", []), {"default_verdict": "accept"})
	keys(open, []) == set()
	egress_restricted.unknown == {"the class of the data behind it is not known"} with input.subject as open
		with data.params.firewall.egress_allowed as []
}
