package gdpr.firewall.admin_restricted_test

import data.gdpr.firewall.admin_restricted

ssh(residual) := {"protocol": "tcp", "port_from": 22, "port_to": 22, "product": "", "verdict": "reachable", "residual_admin": residual}

fails(subject) if {
	count(admin_restricted.deny) > 0 with input.subject as subject
		with data.params.firewall.admin_ports as [22, 3389]
}

applies(changed) if {
	count(admin_restricted.not_applicable) == 0 with input.subject as object.union(ssh([]), changed)
		with data.params.firewall.admin_ports as [22, 3389]
}

test_open if fails(ssh([{"cidr": "0.0.0.0/0", "group": "", "certainty": "certain"}]))

test_restricted if not fails(ssh([]))

test_possible if {
	maybe := ssh([{"cidr": "", "group": "aws_security_group.app", "certainty": "possible"}])
	not fails(maybe)
	admin_restricted.unknown == {"sources outside the administration networks may reach it: members of aws_security_group.app"} with input.subject as maybe
		with data.params.firewall.admin_ports as [22, 3389]
}

test_applies if {
	applies({"port_from": 1, "port_to": 65535})
	applies({"protocol": "any", "port_from": 0, "port_to": 65535})
	applies({"port_from": 443, "port_to": 443, "product": "kubernetes"})
	not applies({"port_from": 443, "port_to": 443})
	not applies({"product": "sftp"})
	not applies({"protocol": "udp", "port_from": 1, "port_to": 65535})
}
