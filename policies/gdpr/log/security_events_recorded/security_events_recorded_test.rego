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

of(product, settings) := object.union(source(settings), {"product": product, "type": "other", "category": "security_audit"})

reason(subject) := {r | some r in found} if {
	found := security_events_recorded.unknown with input.subject as subject
}

audit_config(service, log_types, exempted) := of("cloud_audit_logs", {"service": service, "log_types": log_types, "exempted_members": exempted})

test_google_data_access if {
	keys(audit_config("allServices", "ADMIN_READ,DATA_READ,DATA_WRITE", "")) == set()
	not unsure(audit_config("allServices", "ADMIN_READ,DATA_READ,DATA_WRITE", ""))
	keys(audit_config("allServices", "", "")) == {"audit"}
	keys(audit_config("allServices", "ADMIN_READ,DATA_WRITE", "")) == {"tokens"}
	keys(audit_config("sts.googleapis.com", "ADMIN_READ", "")) == {"tokens"}
	keys(audit_config("storage.googleapis.com", "DATA_WRITE", "")) == set()
}

test_google_exempted_members if {
	count(security_events_recorded.warn) == 1 with input.subject as audit_config("allServices", "DATA_READ", "user:jane@example.org")
	count(security_events_recorded.warn) == 0 with input.subject as audit_config("allServices", "DATA_READ", "")
	count(security_events_recorded.warn) == 0 with input.subject as of("other", {"exempted_members": "user:jane@example.org"})
}

test_gke if {
	reason(of("gke", {"enable_components": "SYSTEM_COMPONENTS"})) == {"changes are always recorded; who reads, the audit configuration of the project says"}
}

cloud_mysql(audit, general) := object.union(source({"cloudsql_mysql_audit": audit, "general_log": general}), {"product": "cloudsql"})

test_cloud_mysql if {
	keys(cloud_mysql("off", "off")) == {"logins"}
	keys(cloud_mysql("OFF", "Off")) == {"logins"}
	keys(cloud_mysql("ON", "off")) == set()
	reason(cloud_mysql("ON", "off")) == {"an audit plugin is on, and which events it records the rules in the database say"}
	keys(cloud_mysql("off", "on")) == set()
	not unsure(cloud_mysql("off", "on"))
	not unsure(cloud_mysql("on", "on"))
}

diagnostics(product, categories) := of(product, {"categories": categories})

test_azure if {
	every one in [
		["activity_log", "Administrative,Policy", set()], ["activity_log", "Security", {"rights"}],
		["aks", "kube-audit-admin", set()], ["aks", "kube-audit", set()], ["aks", "guard,kube-apiserver", {"requests"}], ["aks", "audit", set()],
		["cosmosdb", "ControlPlaneRequests,MongoRequests", set()], ["cosmosdb", "DataPlaneRequests", {"rights"}], ["cosmosdb", "ControlPlaneRequests", {"accesses"}],
		["entra_id", "AuditLogs,SignInLogs", set()], ["entra_id", "SignInLogs", {"rights"}], ["entra_id", "AuditLogs", {"logins"}],
		["event_hubs", "OperationalLogs", set()], ["event_hubs", "ArchiveLogs", {"operations"}],
		["key_vault", "AuditEvent", set()], ["key_vault", "AzurePolicyEvaluationDetails", {"accesses"}], ["key_vault", "allLogs", set()],
		["storage_account", "StorageDelete,StorageRead,StorageWrite", set()], ["storage_account", "StorageWrite", {"deletions", "reads"}],
		["storage_account", "StorageDelete,StorageRead", {"writes"}], ["storage_account", "audit", set()],
	] {
		keys(diagnostics(one[0], one[1])) == one[2]
		not unsure(diagnostics(one[0], one[1]))
	}
}

test_azure_not_known if {
	reason(diagnostics("azure_sql", "SQLSecurityAuditEvents")) == {"whether the server audits, its auditing policy says"}
	reason(diagnostics("diagnostic_setting", "audit")) == {"which settings decide about logins is not known"}
	reason(of("key_vault", {})) == {"which settings decide about logins is not known"}
}

sql_audit(groups, filter) := of("sql_auditing", {"audit_actions_and_groups": groups, "predicate_expression": filter})

test_sql_auditing if {
	keys(sql_audit("", "")) == set()
	not unsure(sql_audit("", ""))
	logins := "FAILED_DATABASE_AUTHENTICATION_GROUP,SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP"
	keys(sql_audit(sprintf("BATCH_COMPLETED_GROUP,%s", [logins]), "")) == set()
	keys(sql_audit("BATCH_COMPLETED_GROUP,FAILED_DATABASE_AUTHENTICATION_GROUP", "")) == {"logins"}
	keys(sql_audit(logins, "")) == {"rights"}
	rights := "DATABASE_PERMISSION_CHANGE_GROUP,DATABASE_PRINCIPAL_CHANGE_GROUP,DATABASE_ROLE_MEMBER_CHANGE_GROUP"
	keys(sql_audit(sprintf("%s,%s", [logins, rights]), "")) == set()
	reason(sql_audit("", "a = 1")) == {"a filter chooses the events (predicate_expression)"}
	not unsure(of("other", {"audit_actions_and_groups": "", "predicate_expression": "a = 1"}))
}

policy(secrets, rights) := of("kube_apiserver", {"level_secrets": secrets, "level_rights": rights})

test_audit_policy if {
	keys(policy("Metadata", "Metadata")) == set()
	not unsure(policy("Metadata", "Metadata"))
	keys(policy("None", "Metadata")) == {"secrets"}
	keys(policy("Metadata", "None")) == {"rights"}
	count(security_events_recorded.not_applicable) == 0 with input.subject as policy("None", "None")
	count(security_events_recorded.not_applicable) == 1 with input.subject as of("kube_apiserver", {"audit-policy-file": ""})
}
