package gdpr.firewall.container_filtered_test

import data.gdpr.firewall.container_filtered

exposure(via, excess) := {"via": via, "protocol": "tcp", "port_from": 8080, "port_to": 8080, "excess_container": excess}

test_past_the_filter if {
	some d in container_filtered.deny with input.subject as exposure("container", ["0.0.0.0/0"])
	d.msg == "tcp/8080 of a container is reached by sources that the host's input chain refuses: 0.0.0.0/0"
}

test_filtered if {
	container_filtered.deny == set() with input.subject as exposure("container", [])
	container_filtered.not_applicable == set() with input.subject as exposure("container", [])
}

test_of_the_host if {
	container_filtered.deny == set() with input.subject as exposure("host", ["0.0.0.0/0"])
	count(container_filtered.not_applicable) == 1 with input.subject as exposure("host", [])
}
