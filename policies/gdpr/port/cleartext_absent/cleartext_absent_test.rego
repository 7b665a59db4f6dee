package gdpr.port.cleartext_absent_test

import data.gdpr.port.cleartext_absent

listener(changed) := object.union(
	{
		"id": "tcp/0.0.0.0:21", "port": 21, "scope": "internal", "tls": "none",
		"wire": {"name": "ftp", "confidence": "banner"},
	},
	changed,
)

found(set, subject) := entries if {
	entries := cleartext_absent[set] with input.subject as subject
		with data.params.port.cleartext_ports as [21, 389]
}

fails(changed) if count(found("deny", listener(changed))) > 0

test_plain if {
	fails({})
	fails({"tls": "starttls_offered"})
	not fails({"tls": "starttls_required"})
	not fails({"tls": "implicit"})
}

test_by_port_or_by_wire if {
	fails({"wire": {"name": "", "confidence": "none"}})
	fails({"port": 2121})
	not fails({"port": 2121, "wire": {"name": "", "confidence": "none"}})
	not fails({"port": 2121, "wire": {"name": "ssh", "confidence": "banner"}})
}

test_messages if {
	some d in found("deny", listener({}))
	d.msg == "tcp/0.0.0.0:21 speaks ftp beyond the host, and TLS is not mandatory (none)"
	some e in found("deny", listener({"wire": {"name": "", "confidence": "none"}}))
	e.msg == "tcp/0.0.0.0:21 speaks a protocol of plain text, by its port, beyond the host, and TLS is not mandatory (none)"
}

test_not_applicable if {
	not fails({"scope": "loopback"})
	count(found("not_applicable", listener({"scope": "loopback"}))) == 1
	count(found("not_applicable", listener({"port": 22, "wire": {"name": "ssh", "confidence": "banner"}}))) == 1
	found("not_applicable", listener({})) == set()
	found("not_applicable", listener({"port": 2121})) == set()
}

test_not_recognised if {
	other := {"port": 2222, "wire": {"name": "ssh", "confidence": "port_table"}}
	count(found("unknown", listener(other))) == 1
	found("not_applicable", listener(other)) == set()
	found("unknown", listener(object.union(other, {"tls": "implicit"}))) == set()
	found("unknown", listener(object.union(other, {"scope": "loopback"}))) == set()
	found("unknown", listener(object.union(other, {"wire": {"name": "ssh", "confidence": "process_name"}}))) == set()
}
