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
#   remediation: "Turn the events on: log_connections and pgaudit, audit logs of the database or cluster, management events of the trail."
package gdpr.log.security_events_recorded

not_applicable contains sprintf("a %s, without logins of its own", [input.subject.type]) if {
	input.subject.category != "security_audit"
	input.subject.type in {"broker", "container", "function", "gateway", "load_balancer", "network", "object_store", "search", "web"}
}

not_applicable contains "the audit log of an API server: judged by gdpr.log.cluster_audit_adequate" if input.subject.product == "kube_apiserver"

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

unknown contains "which settings decide about logins is not known" if not known

warn contains "the trail covers one region only" if {
	input.subject.product == "cloudtrail"
	value("is_multi_region_trail") in off
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

# The products whose settings are judged above, and audit logs that have none.
known if {
	some setting in input.subject.settings
	setting.name in {
		"audit_logs", "enabled_cluster_log_types", "log_connections", "management_events", "neptune_enable_audit_log", "server_audit_logging",
	}
}

known if {
	input.subject.category == "security_audit"
	input.subject.product in {"cloudtrail_lake", "config", "opensearch", "redshift"}
}

off := {"0", "false", "off", ""}
