package logs

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// azureTargets says of the types of resources that diagnostic settings are made
// for what their logs are. Where categories record different things the entry
// stands for those that record most. Source: Microsoft, "Resource log categories".
var azureTargets = []struct {
	types                  []string
	typ, product, category string
	fields                 []string
}{
	{[]string{"azurerm_key_vault", "azurerm_key_vault_managed_hardware_security_module"}, "other", "key_vault", "security_audit", []string{"client_address", "user_name"}},
	{[]string{"azurerm_storage_account"}, "object_store", "storage_account", "security_audit", []string{"client_address", "user_name", "query_string"}},
	{[]string{"azurerm_mssql_database", "azurerm_mssql_server", "azurerm_mssql_managed_instance"}, "database", "azure_sql", "security_audit", []string{"client_address", "user_name", "statement"}},
	{[]string{"azurerm_cosmosdb_account"}, "database", "cosmosdb", "security_audit", []string{"client_address", "statement"}},
	{[]string{"azurerm_application_gateway", "azurerm_cdn_frontdoor_profile", "azurerm_frontdoor", "azurerm_cdn_profile"}, "load_balancer", "application_gateway", "app_access", []string{"client_address", "query_string"}},
	{[]string{"azurerm_api_management"}, "gateway", "api_management", "app_access", []string{"client_address", "query_string"}},
	{[]string{"azurerm_linux_web_app", "azurerm_windows_web_app", "azurerm_app_service"}, "web", "app_service", "app_access", []string{"client_address", "query_string", "user_name"}},
	{[]string{"azurerm_linux_function_app", "azurerm_windows_function_app", "azurerm_function_app", "azurerm_logic_app_standard"}, "function", "app_service", "application", nil},
	{[]string{"azurerm_kubernetes_cluster"}, "cluster_api", "aks", "security_audit", []string{"client_address", "user_name"}},
	{[]string{"azurerm_network_security_group", "azurerm_firewall"}, "network", "network_security", "network_flow", []string{"client_address"}},
	{[]string{"azurerm_eventhub_namespace", "azurerm_servicebus_namespace"}, "broker", "event_hubs", "security_audit", []string{"client_address", "user_name"}},
	{[]string{"azurerm_search_service"}, "search", "ai_search", "app_access", []string{"client_address", "query_string"}},
	{[]string{"azurerm_recovery_services_vault"}, "other", "recovery_services", "system", nil},
}

// unsaid are the targets whose own settings decide what a record holds.
var unsaid = []string{"azurerm_postgresql_flexible_server", "azurerm_mysql_flexible_server", "azurerm_postgresql_server", "azurerm_mysql_server", "azurerm_mariadb_server", "azurerm_redis_cache"}

// fromAzureSource starts a source of Azure.
func fromAzureSource(id, of, typ, product, category string, r *terraform.Resource) *source {
	s := newSource(id, of, typ, product, category, r)
	s.provider = "azure"
	return s
}

// diagnostics reads azurerm_monitor_diagnostic_setting: of a resource, or of a
// subscription, whose activity log it is then. Settings that name metrics only
// write no logs. A retention that a setting names itself is no longer applied by
// the service and is not read.
func (c *collection) diagnostics(r *terraform.Resource) {
	s := fromAzureSource(r.Address, "", "other", "diagnostic_setting", "unknown", r)
	categories := azureCategories(r)
	if categories.Known() && len(categories.Value) == 0 {
		return
	}
	c.target(s, r.Body.Get("target_resource_id"))
	s.settings["categories"] = aws.Then(c.categoriesAbout(s, categories), listed)
	c.destinations(s, r, categories)
	c.put(s)
}

// directoryDiagnostics reads the logs of the directory: sign-ins and changes.
func (c *collection) directoryDiagnostics(r *terraform.Resource) {
	s := fromAzureSource(r.Address, "", "audit_trail", "entra_id", "security_audit", r).records("client_address", "user_name")
	categories := azureCategories(r)
	s.settings["categories"] = aws.Then(c.categoriesAbout(s, categories), listed)
	c.destinations(s, r, categories)
	c.put(s)
}

// target sets whose logs a setting takes and what they hold.
func (c *collection) target(s *source, v *terraform.Value) {
	for _, t := range azureTargets {
		if r := c.mentioned(v, t.types...); r != nil {
			s.of, s.typ, s.product, s.category = aws.Declared(r.Address, v.Pos), t.typ, t.product, t.category
			s.records(t.fields...)
			return
		}
	}
	if r := c.mentioned(v, unsaid...); r != nil {
		s.of, s.typ, s.category = aws.Declared(r.Address, v.Pos), "database", "system"
		s.fieldsUnknown = aws.NotKnown[bool]("the parameters of "+r.Address+" decide what its records hold", v.Pos)
		return
	}
	if subscription(v) {
		s.typ, s.product, s.category = "audit_trail", "activity_log", "security_audit"
		s.of = aws.Declared("", v.Pos)
		s.records("client_address", "user_name")
		return
	}
	s.of = c.owner(v)
	s.fieldsUnknown = aws.NotKnown[bool]("what records of the target hold is not in the table", v.Pos)
}

// mentioned is the resource of some types that a value is, or is a part of, as the
// blob service of an account is.
func (c *collection) mentioned(v *terraform.Value, types ...string) *terraform.Resource {
	if r, _ := azure.Of(c.x).One(v, "", types...); r != nil {
		return r
	}
	if len(v.Refs) != 1 {
		return nil
	}
	if r := c.x.Resource(v.Refs[0].Address); r != nil && r.Mode == "managed" && slices.Contains(types, r.Type) {
		return r
	}
	return nil
}

// subscription reports whether a value names a subscription as a whole.
func subscription(v *terraform.Value) bool {
	if len(v.Refs) == 1 && strings.Contains(v.Refs[0].Address, "azurerm_subscription.") {
		return true
	}
	rest, ok := strings.CutPrefix(v.Text, "/subscriptions/")
	return v.Kind == terraform.String && ok && !strings.Contains(strings.Trim(rest, "/"), "/")
}

// destinations are the stores that a setting writes to. Logs in a storage account
// are append blobs, in a container for each category.
func (c *collection) destinations(s *source, r *terraform.Resource, categories aws.Answer[[]string]) {
	prefix := aws.Default("insights-logs-", r.Pos)
	if !categories.Known() {
		prefix = aws.NotKnown[string](categories.Reason, categories.Pos)
	} else if len(categories.Value) == 1 && categories.Value[0] != "allLogs" && categories.Value[0] != "audit" {
		prefix.Value += strings.ToLower(categories.Value[0]) + "/"
	}
	what := blobs{"appendBlob", prefix, aws.Default(fact.Unbounded, r.Pos)}
	s.stores = aws.Union(
		c.workspaceAt(r, azure.First(r.Body, "log_analytics_workspace_id"), "workspace"),
		c.accountAt(r, azure.First(r.Body, "storage_account_id"), what, "account"),
		c.hubAt(r, azure.First(r.Body, "eventhub_authorization_rule_id"), r.Body.Get("eventhub_name")),
	)
	if v := azure.First(r.Body, "partner_solution_id"); !v.Unset() {
		s.stores = aws.Union(s.stores, c.foreign(r, v, nil, "partner", "index", "partner", "what a partner keeps is managed elsewhere"))
	}
}

// insights reads azurerm_application_insights: kept in a workspace, or by itself
// for 90 days. Addresses of clients are masked unless that is switched off; they
// were recorded in full with disable_ip_masking before.
func (c *collection) insights(r *terraform.Resource) {
	s := fromAzureSource(r.Address, "", "web", "application_insights", "application", r).records("query_string")
	masked := aws.Bool(r.Body, true, "ip_masking_enabled")
	if v := r.Body.Get("disable_ip_masking"); !v.Unset() {
		masked = aws.Not(aws.Bool(r.Body, false, "disable_ip_masking"))
	}
	switch {
	case !masked.Known():
		s.fieldsUnknown = aws.NotKnown[bool](masked.Reason, masked.Pos)
	case !masked.Value:
		s.records("client_address")
	}
	s.settings["ip_masking_enabled"] = aws.Then(masked, func(on bool) string { return map[bool]string{true: "true", false: "false"}[on] })
	s.settings["sampling_percentage"] = aws.Text(r.Body, "100", "sampling_percentage")
	if v := azure.First(r.Body, "workspace_id"); !v.Unset() {
		s.stores = c.workspaceAt(r, v, "workspace")
	} else {
		id := r.Address + "/store"
		st := c.add(id, "cloud_group", "application_insights", r.Pos)
		st.name, st.appendOnly = aws.Text(r.Body, "", "name"), aws.Default(true, r.Pos)
		days := aws.Int(r.Body, 90, "retention_in_days")
		st.least, st.most = days, days
		s.stores = aws.Declared([]string{c.x.Reference(id)}, r.Pos)
	}
	c.put(s)
}

// azureFlowLog reads azurerm_network_watcher_flow_log. The watcher deletes blocks
// after its days where its retention is on, 0 standing for never.
func (c *collection) azureFlowLog(r *terraform.Resource) {
	s := fromAzureSource(r.Address, "", "network", "network_watcher", "network_flow", r).records("client_address")
	target := azure.First(r.Body, "target_resource_id", "network_security_group_id")
	s.of = c.owner(target, "azurerm_virtual_network", "azurerm_subnet", "azurerm_network_interface", "azurerm_network_security_group")
	s.enabled = aws.Bool(r.Body, true, "enabled")
	policy := aws.Block(r.Body, "retention_policy")
	days := aws.Default(fact.Unbounded, r.Pos)
	if policy.Kind == terraform.Unknown {
		days = aws.Unknown[int](policy)
	} else if !policy.Unset() {
		on := aws.Bool(policy, false, "enabled")
		days = aws.Int(policy, 0, "days")
		switch {
		case !on.Known():
			days = aws.NotKnown[int](on.Reason, on.Pos)
		case days.Known() && (days.Value == 0 || !on.Value):
			days.Value = fact.Unbounded
		}
	}
	container := "insights-logs-flowlogflowevent/"
	if c.mentioned(target, "azurerm_network_security_group") != nil {
		container = "insights-logs-networksecuritygroupflowevent/"
	}
	s.stores = c.accountAt(r, r.Body.Get("storage_account_id"), blobs{"blockBlob", aws.Default(container, r.Pos), days}, "account")
	if analytics := aws.Block(r.Body, "traffic_analytics"); analytics.Kind == terraform.Unknown {
		s.stores = aws.Unknown[[]string](analytics)
	} else if on := aws.Bool(analytics, false, "enabled"); !analytics.Unset() && (!on.Known() || on.Value) {
		s.stores = aws.Union(s.stores, c.workspaceAt(r, analytics.Get("workspace_resource_id"), "workspace"))
	}
	c.put(s)
}

// sqlAuditing reads auditing of a server or database: statements, by whom and from
// where. Files are kept without end where retention_in_days is 0, the default;
// what goes to Azure Monitor a diagnostic setting says. Without actions of its own
// a policy takes the service's: all statements, and logins that succeed and fail.
func (c *collection) sqlAuditing(r *terraform.Resource) {
	s := fromAzureSource(r.Address, "", "database", "sql_auditing", "security_audit", r).records("client_address", "user_name", "statement")
	s.of = c.owner(azure.First(r.Body, "database_id", "server_id"), "azurerm_mssql_server", "azurerm_mssql_database")
	s.enabled = aws.Bool(r.Body, true, "enabled")
	s.settings["log_monitoring_enabled"] = aws.Text(r.Body, "true", "log_monitoring_enabled")
	s.settings["audit_actions_and_groups"] = aws.Then(aws.Texts(r.Body, "audit_actions_and_groups"), listed)
	s.settings["predicate_expression"] = aws.Text(r.Body, "", "predicate_expression")
	days := aws.Int(r.Body, 0, "retention_in_days")
	if days.Known() && days.Value == 0 {
		days.Value = fact.Unbounded
	}
	s.stores = c.accountAt(r, azure.First(r.Body, "blob_storage_endpoint"), blobs{"appendBlob", aws.Default("sqldbauditlogs/", r.Pos), days}, "account")
	c.put(s)
}

// webAppLogs reads the request log of an app: on its own disk, bounded by size
// too, or in a container.
func (c *collection) webAppLogs(r *terraform.Resource) {
	at := aws.Block(r.Body, "logs", "http_logs")
	if at.Unset() {
		return
	}
	s := fromAzureSource(r.Address+"/http_logs", r.Address, "web", "app_service", "app_access", r).records("client_address", "query_string", "user_name")
	if at.Kind == terraform.Unknown {
		s.enabled, s.stores = aws.Unknown[bool](at), aws.Unknown[[]string](at)
		c.put(s)
		return
	}
	s.at = at.Pos
	for _, name := range []string{"file_system", "azure_blob_storage"} {
		block := aws.Block(at, name)
		if block.Unset() {
			continue
		}
		typ := map[string]string{"file_system": "file", "azure_blob_storage": "object"}[name]
		st := c.add(r.Address+"/store/"+name, typ, "app_service", orPlace(block.Pos, at.Pos)).elsewhere("the store of the app's logs is not declared here")
		days := aws.Int(block, 0, "retention_in_days")
		if block.Kind == terraform.Unknown {
			days = aws.Unknown[int](block)
		}
		if days.Known() && days.Value == 0 {
			days = aws.NotKnown[int]("without days, only a size bounds it", block.Pos)
		}
		st.least, st.most = aws.NotKnown[int]("a size may end records sooner", block.Pos), days
		s.stores = aws.Union(s.stores, aws.Declared([]string{c.x.Reference(st.id)}, block.Pos))
	}
	c.put(s)
}

func orPlace(p, otherwise fact.Position) fact.Position {
	if p.IsZero() {
		return otherwise
	}
	return p
}
