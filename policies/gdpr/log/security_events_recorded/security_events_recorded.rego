# METADATA
# scope: package
# title: Logins and changes of rights are recorded
# description: Without them nobody can tell who came in, as whom, and what they let themselves do.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 32(1)(d)
# custom:
#   severity: high
#   subject: log.source
#   gdpr: ["32(1)(d)"]
#   remediation: "Turn the events on: log_connections and pgaudit, audit logs of the database or cluster, management events of the trail, audit categories of diagnostic settings, data access logs, rules of the audit policy."
package gdpr.log.security_events_recorded

not_applicable contains sprintf("a %s, without logins of its own", [input.subject.type]) if {
	input.subject.category != "security_audit"
	input.subject.type in {"broker", "container", "function", "gateway", "load_balancer", "network", "object_store", "search", "web"}
}

# What an audit policy records is judged here, and whether there is one elsewhere.
not_applicable contains "the audit log of an API server: judged by gdpr.log.cluster_audit_adequate" if {
	input.subject.product == "kube_apiserver"
	not "level_rights" in names
}

deny contains {
	"msg": "the audit log is switched off",
	"key": "off",
	"expected": "on",
	"actual": "off",
} if {
	input.subject.category == "security_audit"
	input.subject.enabled == false
}

deny contains {
	"msg": sprintf("%s (%s = %s)", [events_off[key].msg, events_off[key].setting, events_off[key].value]),
	"key": key,
	"expected": "recorded",
	"actual": events_off[key].value,
} if {
	input.subject.enabled
	some key, _ in events_off
}

unknown contains "no audit is switched on by parameters; whether an option group does it is not known" if {
	value("server_audit_logging") in off
	value("general_log") in off
}

unknown contains "an audit plugin is on, and which events it records the rules in the database say" if {
	lower(value("cloudsql_mysql_audit")) == "on"
	lower(value("general_log")) in off
}

unknown contains "changes are always recorded; who reads, the audit configuration of the project says" if input.subject.product == "gke"

unknown contains "whether the server audits, its auditing policy says" if input.subject.product == "azure_sql"

unknown contains "a filter chooses the events (predicate_expression)" if {
	input.subject.product == "sql_auditing"
	value("predicate_expression") != ""
}

unknown contains "which settings decide about logins is not known" if not known

warn contains "the trail covers one region only" if {
	input.subject.product == "cloudtrail"
	value("is_multi_region_trail") in off
}

warn contains sprintf("what these members access is not recorded: %s", [value("exempted_members")]) if {
	input.subject.product == "cloud_audit_logs"
	value("exempted_members") != ""
}

# What is not recorded, with the setting that says so.
events_off["logins"] := {"msg": "logins are not recorded", "setting": "log_connections", "value": value("log_connections")} if {
	value("log_connections") in off
}

events_off["rights"] := {"msg": "changes of rights are not recorded", "setting": "log_statement", "value": value("log_statement")} if {
	value("log_statement") == "none"
	not audited
}

events_off["audit"] := {"msg": "audit logs are off", "setting": "audit_logs", "value": value("audit_logs")} if {
	value("audit_logs") in {"disabled", "none"}
}

events_off["audit"] := {"msg": "audit logs are off", "setting": "neptune_enable_audit_log", "value": value("neptune_enable_audit_log")} if {
	value("neptune_enable_audit_log") in off
}

events_off["management"] := {"msg": "management events are not all recorded", "setting": "management_events", "value": value("management_events")} if {
	value("management_events") in {"none", "ReadOnly"}
}

events_off["global"] := {"msg": "events of global services are not recorded", "setting": "include_global_service_events", "value": value("include_global_service_events")} if {
	value("include_global_service_events") in off
}

events_off["cluster"] := {"msg": "the control plane records no logins", "setting": "enabled_cluster_log_types", "value": value("enabled_cluster_log_types")} if {
	types := split(value("enabled_cluster_log_types"), ",")
	not cluster_audited(types)
}

events_off["logins"] := {"msg": "neither the general log nor an audit plugin records logins", "setting": "cloudsql_mysql_audit", "value": value("cloudsql_mysql_audit")} if {
	lower(value("cloudsql_mysql_audit")) in off
	lower(value("general_log")) in off
}

events_off["audit"] := {"msg": "no access is recorded", "setting": "log_types", "value": ""} if value("log_types") == ""

# Google Cloud always records changes. Tokens that are given out for a service
# account are its logins, and are recorded as reads of data.
events_off["tokens"] := {"msg": sprintf("logins as a service account are not recorded by %s", [value("service")]), "setting": "log_types", "value": value("log_types")} if {
	value("service") in {"allServices", "iamcredentials.googleapis.com", "sts.googleapis.com"}
	value("log_types") != ""
	not "DATA_READ" in split(value("log_types"), ",")
}

# Azure: of every kind of event, one of the categories that hold it.
events_off[kind] := {"msg": azure_events[input.subject.product][kind].msg, "setting": "categories", "value": value("categories")} if {
	taken := split(value("categories"), ",")
	some kind, _ in azure_events[input.subject.product]
	not among(taken, azure_events[input.subject.product][kind].any)
}

events_off["logins"] := {"msg": "logins are not all recorded", "setting": "audit_actions_and_groups", "value": value("audit_actions_and_groups")} if {
	groups := split(value("audit_actions_and_groups"), ",")
	groups != [""]
	not all_among(groups, {"FAILED_DATABASE_AUTHENTICATION_GROUP", "SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP"})
}

events_off["rights"] := {"msg": "changes of rights are not all recorded", "setting": "audit_actions_and_groups", "value": value("audit_actions_and_groups")} if {
	groups := split(value("audit_actions_and_groups"), ",")
	groups != [""]
	not "BATCH_COMPLETED_GROUP" in groups
	not all_among(groups, {"DATABASE_PERMISSION_CHANGE_GROUP", "DATABASE_PRINCIPAL_CHANGE_GROUP", "DATABASE_ROLE_MEMBER_CHANGE_GROUP"})
}

events_off["rights"] := {"msg": "changes of rights are not all recorded", "setting": "level_rights", "value": "None"} if value("level_rights") == "None"

events_off["secrets"] := {"msg": "who reads Secrets is not recorded", "setting": "level_secrets", "value": "None"} if value("level_secrets") == "None"

# By product, what must be recorded and the categories that hold it. Source:
# Microsoft, "Supported resource log categories" and "Activity log".
azure_events := {
	"activity_log": {"rights": {"msg": "changes of rights and resources are not recorded", "any": {"Administrative"}}},
	"aks": {"requests": {"msg": "the control plane records no requests", "any": {"allLogs", "audit", "kube-audit", "kube-audit-admin"}}},
	"cosmosdb": {
		"accesses": {"msg": "accesses to data are not recorded", "any": {"allLogs", "audit", "CassandraRequests", "DataPlaneRequests", "GremlinRequests", "MongoRequests", "TableApiRequests"}},
		"rights": {"msg": "changes of keys, roles and networks are not recorded", "any": {"allLogs", "audit", "ControlPlaneRequests"}},
	},
	"entra_id": {
		"logins": {"msg": "logins are not recorded", "any": {"SignInLogs"}},
		"rights": {"msg": "changes of users and roles are not recorded", "any": {"AuditLogs"}},
	},
	"event_hubs": {"operations": {"msg": "changes of the namespace are not recorded", "any": {"allLogs", "audit", "OperationalLogs"}}},
	"key_vault": {"accesses": {"msg": "accesses to keys and secrets are not recorded", "any": {"allLogs", "audit", "AuditEvent"}}},
	"storage_account": {
		"deletions": {"msg": "deletions of data are not recorded", "any": {"allLogs", "audit", "StorageDelete"}},
		"reads": {"msg": "reads of data are not recorded", "any": {"allLogs", "audit", "StorageRead"}},
		"writes": {"msg": "writes of data are not recorded", "any": {"allLogs", "audit", "StorageWrite"}},
	},
}

among(taken, any_of) if {
	some category in taken
	category in any_of
}

all_among(taken, wanted) if count(wanted - {group | some group in taken}) == 0

cluster_audited(types) if {
	"audit" in types
	"authenticator" in types
}

audited if {
	some class in split(lower(value("pgaudit.log")), ",")
	trim_space(class) in {"all", "ddl", "role"}
}

value(name) := setting.value if {
	some setting in input.subject.settings
	setting.name == name
}

names contains setting.name if some setting in input.subject.settings

# The products whose settings are judged above, and audit logs that have none.
known if {
	some name in names
	name in {
		"audit_actions_and_groups", "audit_logs", "cloudsql_mysql_audit", "enabled_cluster_log_types", "level_rights", "log_connections", "log_types",
		"management_events", "neptune_enable_audit_log", "server_audit_logging",
	}
}

known if {
	azure_events[input.subject.product]
	"categories" in names
}

known if input.subject.product in {"azure_sql", "gke"} # what is not known of them is said above

known if {
	input.subject.category == "security_audit"
	input.subject.product in {"cloudtrail_lake", "config", "opensearch", "redshift"}
}

off := {"0", "false", "off", ""}
