package gdpr.port.served_as_declared_test

import data.gdpr.port.served_as_declared

listener(differences) := {"id": "tcp/0.0.0.0:5432", "register": ["register#db/5432/tcp"], "process_mismatch": differences}

entry(exe) := {"register.port": {"register#db/5432/tcp": {"id": "db/5432/tcp", "process": {"exe": exe, "unit": "", "user": "", "image_digest": ""}}}}

found(set, subject, facts) := entries if {
	entries := served_as_declared[set] with input.subject as subject
		with input.facts as facts
}

test_as_declared if {
	found("deny", listener([]), entry("/usr/bin/postgres")) == set()
	found("unknown", listener([]), entry("/usr/bin/postgres")) == set()
}

test_other_process if {
	some d in found("deny", listener([{"field": "exe", "expected": "/usr/bin/postgres", "actual": "/tmp/x"}]), entry("/usr/bin/postgres"))
	d.msg == "tcp/0.0.0.0:5432 is served by the exe /tmp/x, the register declares /usr/bin/postgres"
	d.key == "exe /usr/bin/postgres"
}

test_nobody_known if {
	some d in found("deny", listener([{"field": "unit", "expected": "postgresql@*.service", "actual": ""}]), entry("/usr/bin/postgres"))
	d.msg == "tcp/0.0.0.0:5432 is served by no known unit, the register declares postgresql@*.service"
}

test_no_process_named if count(found("unknown", listener([]), entry(""))) == 1

test_not_documented if {
	count(found("not_applicable", {"register": [], "process_mismatch": []}, {})) == 1
	found("not_applicable", listener([]), entry("/usr/bin/postgres")) == set()
}
