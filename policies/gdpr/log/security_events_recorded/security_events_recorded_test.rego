package gdpr.log.security_events_recorded_test

import data.gdpr.log.security_events_recorded

source(settings) := {"type": "database", "product": "rds", "category": "db_statement", "enabled": true, "settings": [{"name": n, "value": v} | some n, v in settings]}

postgres := {"log_connections": "1", "log_statement": "ddl", "pgaudit.log": "none"}

keys(subject) := {d.key | some d in found} if {
	found := security_events_recorded.deny with input.subject as subject
}

unsure(subject) if {
	count(security_events_recorded.unknown) > 0 with input.subject as subject
}

test_recorded if {
	keys(source(postgres)) == set()
	not unsure(source(postgres))
}

test_logins_off if keys(source(object.union(postgres, {"log_connections": "0"}))) == {"logins"}

test_rights_off if {
	keys(source(object.union(postgres, {"log_statement": "none"}))) == {"rights"}
	keys(source(object.union(postgres, {"log_statement": "none", "pgaudit.log": "read, role"}))) == set()
}

test_trail if {
	trail := {"management_events": "All", "include_global_service_events": "true", "is_multi_region_trail": "true"}
	keys(source(trail)) == set()
	keys(source(object.union(trail, {"management_events": "none", "include_global_service_events": "false"}))) == {"management", "global"}
}

test_trail_off if keys({"type": "audit_trail", "category": "security_audit", "enabled": false, "settings": []}) == {"off"}

test_cluster if {
	keys(source({"enabled_cluster_log_types": "api,audit,authenticator"})) == set()
	keys(source({"enabled_cluster_log_types": "api,audit"})) == {"cluster"}
}

test_document_databases if {
	keys(source({"audit_logs": "disabled"})) == {"audit"}
	keys(source({"audit_logs": "enabled"})) == set()
	keys(source({"neptune_enable_audit_log": "0"})) == {"audit"}
}

test_mysql if {
	unsure(source({"server_audit_logging": "0", "general_log": "0"}))
	not unsure(source({"server_audit_logging": "1", "general_log": "0"}))
}

test_not_known if unsure({"type": "host", "product": "sshd", "category": "security_audit", "enabled": true, "settings": []})

test_not_applicable if {
	count(security_events_recorded.not_applicable) == 1 with input.subject as {"type": "web", "category": "app_access"}
	count(security_events_recorded.not_applicable) == 0 with input.subject as {"type": "search", "category": "security_audit"}
	count(security_events_recorded.not_applicable) == 1 with input.subject as {"type": "cluster_api", "product": "kube_apiserver", "category": "security_audit"}
	count(security_events_recorded.not_applicable) == 0 with input.subject as {"type": "cluster_api", "product": "eks", "category": "security_audit"}
}

test_general_log_records_logins if not unsure(source({"server_audit_logging": "0", "general_log": "1"}))

test_cluster_without_audit if keys(source({"enabled_cluster_log_types": "api,authenticator"})) == {"cluster"}

test_graph_database_audited if keys(source({"neptune_enable_audit_log": "1"})) == set()

test_advice if {
	one_region := object.union(source({"management_events": "All", "is_multi_region_trail": "false"}), {"product": "cloudtrail"})
	count(security_events_recorded.warn) == 1 with input.subject as one_region
	count(security_events_recorded.warn) == 0 with input.subject as object.union(one_region, {"product": "other"})
}

test_known_products if {
	not unsure({"type": "audit_trail", "product": "config", "category": "security_audit", "enabled": true, "settings": []})
	unsure({"type": "host", "product": "config", "category": "system", "enabled": true, "settings": []})
	unsure({"type": "database", "product": "redshift", "category": "db_statement", "enabled": true, "settings": []})
}
