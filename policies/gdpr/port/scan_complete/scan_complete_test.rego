package gdpr.port.scan_complete_test

import data.gdpr.port.scan_complete

scan := {"asked": true, "age_days": 1, "missing": []}

missing(target, ports) := {"target": target, "family": "ipv4", "protocol": "tcp", "ports": ports}

keys(changed) := {d.key | some d in found} if {
	found := scan_complete.deny with input.subject.scan as object.union(scan, changed)
		with data.params.port as {"scan_max_days": 7, "scan_tcp": "1-65535", "scan_udp": "53"}
}

test_complete if keys({}) == set()

test_recent_enough if keys({"age_days": 7}) == set()

test_old if keys({"age_days": 8}) == {"age"}

test_host if keys({"missing": [missing("host/db1", "")]}) == {"host host/db1"}

test_ports if keys({"missing": [missing("host/db1", "22"), missing("host/db2", "1-9")]}) == {"ports host/db1 ipv4 tcp", "ports host/db2 ipv4 tcp"}

test_not_asked if count(scan_complete.not_applicable) == 1 with input.subject.scan as object.union(scan, {"asked": false})
