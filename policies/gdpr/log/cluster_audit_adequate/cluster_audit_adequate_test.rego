package gdpr.log.cluster_audit_adequate_test

import data.gdpr.log.cluster_audit_adequate

source(changed) := object.union({"type": "cluster_api", "provider": "", "enabled": true, "settings": [], "stores": ["c#audit"]}, changed)

kept(min_days, max_days) := {"log.store": {"c#audit": {
	"id": "audit", "declared": {"min_days": min_days, "max_days": max_days},
	"bounds": {"min_days": 180, "max_days": 365}, "protection": {"remote": []},
}}}

keys(subject, facts) := {d.key | some d in found} if {
	found := cluster_audit_adequate.deny with input.subject as subject
		with input.facts as facts
}

level(name, value) := source({"settings": [{"name": name, "value": value}]})

test_adequate if keys(level("level_secrets", "Metadata"), kept(180, 365)) == set()

test_off if {
	keys(source({"enabled": false, "stores": []}), {}) == {"off"}
	keys(source({"enabled": false, "stores": [], "type": "database"}), {}) == set()
}

test_levels if {
	keys(level("level_secrets", "Request"), kept(180, 365)) == {"level_secrets"}
	keys(level("level_configmaps", "RequestResponse"), kept(180, 365)) == {"level_configmaps"}
	keys(level("level_tokenreviews", "Request"), kept(180, 365)) == {"level_tokenreviews"}
	keys(level("level_default", "RequestResponse"), kept(180, 365)) == set()
	keys(level("level_secrets", "None"), kept(180, 365)) == set()
}

test_message if {
	some d in cluster_audit_adequate.deny with input.subject as level("level_secrets", "Request")
		with input.facts as kept(180, 365)
	d.msg == "the contents of Secrets are recorded (level Request)"
}

test_bounds if {
	keys(source({}), kept(200, 366)) == {"maximum c#audit"}
	keys(source({}), kept(179, 365)) == {"minimum c#audit"}
	keys(source({}), kept(999999, 999999)) == {"unbounded c#audit"}
}

test_copies_count_elsewhere if {
	shipped := json.patch(kept(0, 365), [{"op": "replace", "path": "log.store/c#audit/protection/remote", "value": ["c#copy"]}])
	keys(source({}), shipped) == set()
}

test_run_by_a_provider if {
	eks := {"provider": "aws", "stores": ["c#audit"]}
	keys(source(eks), kept(0, 999999)) == set()
	count(cluster_audit_adequate.unknown) == 1 with input.subject as source(eks)
	count(cluster_audit_adequate.unknown) == 0 with input.subject as source({})
	keys(source(object.union(eks, {"enabled": false})), kept(180, 365)) == set()
	count(cluster_audit_adequate.not_applicable) == 1 with input.subject as source(object.union(eks, {"enabled": false}))
	count(cluster_audit_adequate.not_applicable) == 0 with input.subject as source(eks)
	count(cluster_audit_adequate.not_applicable) == 0 with input.subject as source({"enabled": false})
}

test_other_source if {
	count(cluster_audit_adequate.not_applicable) == 1 with input.subject as source({"type": "database"})
	count(cluster_audit_adequate.unknown) == 0 with input.subject as source({"type": "database", "provider": "aws"})
	keys(source({"type": "database"}), kept(0, 999999)) == set()
}
