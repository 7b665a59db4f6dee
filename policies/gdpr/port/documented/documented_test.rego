package gdpr.port.documented_test

import data.gdpr.port.documented

listener(changed) := object.union(
	{
		"id": "tcp/0.0.0.0:5432", "protocol": "tcp", "scope": "internal", "ephemeral": false,
		"owners": [{"exe": "/usr/lib/postgresql/17/bin/postgres"}], "register": [],
	},
	changed,
)

found(set, subject, loopback, ephemeral) := entries if {
	entries := documented[set] with input.subject as subject
		with data.params.port as {"ignore_loopback": loopback, "skip_ephemeral_udp": ephemeral}
}

test_documented if found("deny", listener({"register": ["register#db/5432/tcp"]}), false, true) == set()

test_undocumented if {
	some d in found("deny", listener({}), false, true)
	d.msg == "tcp/0.0.0.0:5432 is listening (/usr/lib/postgresql/17/bin/postgres), and no register entry covers it"
}

test_held_by_nobody_known if {
	some d in found("deny", listener({"owners": []}), false, true)
	d.msg == "tcp/0.0.0.0:5432 is listening, and no register entry covers it"
}

test_loopback if {
	found("not_applicable", listener({"scope": "loopback"}), false, true) == set()
	count(found("not_applicable", listener({"scope": "loopback"}), true, true)) == 1
	found("not_applicable", listener({}), true, true) == set()
}

test_ephemeral if {
	count(found("not_applicable", listener({"protocol": "udp", "ephemeral": true}), false, true)) == 1
	found("not_applicable", listener({"protocol": "udp", "ephemeral": true}), false, false) == set()
	found("not_applicable", listener({"protocol": "udp"}), false, true) == set()
	found("not_applicable", listener({"ephemeral": true}), false, true) == set()
}
