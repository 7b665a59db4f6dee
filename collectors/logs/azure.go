package logs

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// azureReaders reads what writes or keeps logs in Azure, by resource type.
var azureReaders = map[string]func(*collection, *terraform.Resource){
	"azurerm_log_analytics_workspace":                  (*collection).workspace,
	"azurerm_log_analytics_workspace_table":            (*collection).workspaceTable,
	"azurerm_log_analytics_workspace_table_custom_log": (*collection).workspaceTable,
	"azurerm_log_analytics_workspace_table_microsoft":  (*collection).workspaceTable,
	"azurerm_monitor_diagnostic_setting":               (*collection).diagnostics,
	"azurerm_monitor_aad_diagnostic_setting":           (*collection).directoryDiagnostics,
	"azurerm_application_insights":                     (*collection).insights,
	"azurerm_network_watcher_flow_log":                 (*collection).azureFlowLog,
	"azurerm_mssql_server_extended_auditing_policy":    (*collection).sqlAuditing,
	"azurerm_mssql_database_extended_auditing_policy":  (*collection).sqlAuditing,
	"azurerm_linux_web_app":                            (*collection).webAppLogs,
	"azurerm_windows_web_app":                          (*collection).webAppLogs,
}

// azureUnmodelled are the types of Azure that write or keep logs and are not read.
var azureUnmodelled = []string{
	"azurerm_api_management_api_diagnostic", "azurerm_api_management_diagnostic", "azurerm_api_management_logger", "azurerm_app_service",
	"azurerm_container_app_environment", "azurerm_container_group", "azurerm_linux_web_app_slot", "azurerm_log_analytics_datasource_windows_event",
	"azurerm_log_analytics_storage_insights", "azurerm_logz_monitor", "azurerm_monitor_data_collection_rule", "azurerm_monitor_log_profile",
	"azurerm_monitor_workspace", "azurerm_mssql_server_microsoft_support_auditing_policy", "azurerm_network_function_collector_policy",
	"azurerm_sentinel_log_analytics_workspace_onboarding", "azurerm_windows_web_app_slot",
}

// Where a workspace keeps records that nothing says of otherwise. Source:
// Microsoft, "Manage data retention in a Log Analytics workspace": 30 days, and 7
// in the former free tier. Of the older tiers Standard and Premium the days are
// not in the table.
const (
	workspaceDays = 30
	freeDays      = 7
)

// workspace reads azurerm_log_analytics_workspace.
func (c *collection) workspace(r *terraform.Resource) {
	if c.byID[r.Address] != nil {
		return
	}
	s := c.add(r.Address, "cloud_group", "log_analytics", r.Pos)
	s.name = aws.Text(r.Body, "", "name")
	tier := aws.Text(r.Body, "PerGB2018", "sku")
	days := aws.Int(r.Body, workspaceDays, "retention_in_days")
	if days.Default {
		switch {
		case !tier.Known():
			days = aws.NotKnown[int](tier.Reason, tier.Pos)
		case tier.Value == "Free":
			days.Value = freeDays
		case tier.Value == "Standard" || tier.Value == "Premium":
			days = aws.NotKnown[int]("the retention of tier "+tier.Value+" is not in the table", tier.Pos)
		}
	}
	s.least, s.most = days, days
	s.appendOnly = aws.Default(true, r.Pos)
	if tier.Known() && tier.Value == "LACluster" || !tier.Known() {
		s.key = aws.NotKnown[string]("the key is the cluster's", tier.Pos)
	}
	if v := r.Body.Get("daily_quota_gb"); v.Kind == terraform.Unknown {
		s.conditions = aws.Unknown[[]string](v)
	} else if text := v.Number + v.Text; text != "" && text != "-1" && text != "-1.0" {
		s.conditions = aws.Declared([]string{"no more than " + text + " GB come in a day"}, v.Pos)
	}
}

// workspaceTable reads a table with a retention of its own, beside the rest of its
// workspace. What total_retention_in_days does not say, retention_in_days does,
// and else the workspace.
func (c *collection) workspaceTable(r *terraform.Resource) {
	s := c.add(r.Address, "table", "log_analytics", r.Pos)
	s.name = aws.Text(r.Body, "", "name")
	s.appendOnly = aws.Default(true, r.Pos)
	at := r.Body.Get("workspace_id")
	owner, reason := azure.Of(c.x).One(at, "the workspace", "azurerm_log_analytics_workspace")
	days := aws.NotKnown[int](reason, at.Pos)
	if owner != nil {
		c.workspace(owner)
		days, s.key = c.byID[owner.Address].most, c.byID[owner.Address].key
	} else {
		s.key = aws.NotKnown[string](reason, at.Pos)
	}
	// Basic plans keep records for a number of days that changed (8, then 30).
	if plan := aws.Text(r.Body, "Analytics", "plan"); !plan.Known() || plan.Value != "Analytics" {
		days = aws.NotKnown[int]("the retention of plan "+plan.Value+" changed with time"+plan.Reason, plan.Pos)
	}
	for _, name := range []string{"retention_in_days", "total_retention_in_days"} {
		if v := r.Body.Get(name); !v.Unset() {
			days = aws.Int(r.Body, 0, name)
		}
	}
	s.least, s.most = days, days
}

// workspaceAt gives the workspace that an argument names.
func (c *collection) workspaceAt(r *terraform.Resource, v *terraform.Value, suffix string) aws.Answer[[]string] {
	if v.Unset() {
		return aws.Default([]string{}, r.Pos)
	}
	links := c.x.Named(v, "azurerm_log_analytics_workspace")
	if len(links) == 1 && links[0].Reason == "" {
		c.workspace(links[0].Resource)
		return aws.Declared([]string{c.x.Reference(links[0].Address)}, v.Pos)
	}
	return c.foreign(r, v, links, suffix, "cloud_group", "log_analytics", "the workspace is managed elsewhere")
}

// blobs are logs in a storage account: their kind of blob, and what their names
// begin with.
type blobs struct {
	kind   string
	prefix aws.Answer[string]
	// days is what the writer itself deletes, [fact.Unbounded] if nothing.
	days aws.Answer[int]
}

// accountAt gives the store of logs in the account that an argument names.
func (c *collection) accountAt(r *terraform.Resource, v *terraform.Value, what blobs, suffix string) aws.Answer[[]string] {
	if v.Unset() {
		return aws.Default([]string{}, r.Pos)
	}
	links := c.x.Named(v, "azurerm_storage_account")
	if len(links) == 1 && links[0].Reason == "" {
		return aws.Declared([]string{c.x.Reference(c.account(r, links[0].Resource, what).id)}, v.Pos)
	}
	return c.foreign(r, v, links, suffix, "object", "storage_account", "the storage account is managed elsewhere")
}

// account adds the part of a storage account that holds some logs, once. Where the
// writer deletes what it wrote, the store is its own.
func (c *collection) account(r, account *terraform.Resource, what blobs) *store {
	id := account.Address
	if !what.prefix.Known() {
		id += "/?"
	} else if text := strings.Trim(what.prefix.Value, "/"); text != "" {
		id += "/" + text
	}
	if !what.days.Known() || what.days.Value != fact.Unbounded {
		id = r.Address + "/store/" + strings.Trim(strings.TrimPrefix(id, account.Address), "/")
	}
	if s := c.byID[id]; s != nil {
		return s
	}
	a := azure.Of(c.x).Account(account)
	s := c.add(id, "object", "storage_account", account.Pos)
	s.name = aws.Text(account.Body, "", "name")
	s.key = a.Key().Manager
	s.object, s.versioned, s.lockDays = a.Lifecycle(what.kind, what.prefix), a.Versioned(), a.HoldDays()
	s.object.Expire = sooner(s.object.Expire, what.days)
	s.most = s.object.Expire
	if kept := s.versioned; s.most.Known() && s.most.Value != fact.Unbounded && !(kept.Known() && !kept.Value) {
		switch former := s.object.Noncurrent; {
		case !kept.Known():
			s.most = aws.NotKnown[int](kept.Reason, kept.Pos)
		case !former.Known() || former.Value == fact.Unbounded:
			s.most = former
		default:
			s.most = aws.Declared(s.most.Value+former.Value, s.most.Pos)
		}
	}
	s.least = sooner(s.object.Earliest, what.days)
	if !s.lockDays.Known() || s.least.Known() && s.lockDays.Value > s.least.Value {
		s.least = s.lockDays
	}
	return s
}

// sooner is the earlier of two ends.
func sooner(a, b aws.Answer[int]) aws.Answer[int] {
	switch {
	case !a.Known():
		return a
	case !b.Known():
		return b
	case b.Value < a.Value:
		return b
	}
	return a
}

// hubAt gives the event hub that a setting streams to: kept for as many days as
// the hub says.
func (c *collection) hubAt(r *terraform.Resource, rule, name *terraform.Value) aws.Answer[[]string] {
	if rule.Unset() {
		return aws.Default([]string{}, r.Pos)
	}
	links := c.x.Named(name, "azurerm_eventhub")
	if name.Unset() || len(links) != 1 || links[0].Reason != "" {
		if name.Unset() {
			links = nil
		}
		v := &terraform.Value{Kind: terraform.String, Text: name.Text, Pos: rule.Pos}
		return c.foreign(r, v, links, "hub", "topic", "event_hubs", "which event hub is meant is not declared here")
	}
	hub := links[0].Resource
	if c.byID[hub.Address] == nil {
		s := c.add(hub.Address, "topic", "event_hubs", hub.Pos)
		s.name = aws.Text(hub.Body, "", "name")
		days := aws.Int(hub.Body, 0, "message_retention")
		s.least, s.most = days, days
		if days.Default {
			s.least, s.most = hubRetention(hub)
		}
		s.appendOnly = aws.Default(true, hub.Pos)
		s.key = aws.NotKnown[string]("the key is the namespace's", hub.Pos)
	}
	return aws.Declared([]string{c.x.Reference(hub.Address)}, name.Pos)
}

// hubRetention reads retention_description. A hub that compacts keeps the last event
// of each key without end, and none of the others for certain.
func hubRetention(hub *terraform.Resource) (least, most aws.Answer[int]) {
	block := aws.Block(hub.Body, "retention_description")
	unknown := func(reason string, at fact.Position) (least, most aws.Answer[int]) {
		return aws.NotKnown[int](reason, at), aws.NotKnown[int](reason, at)
	}
	if block.Unset() {
		return unknown("message_retention: "+azure.Undocumented, hub.Pos)
	}
	policy, hours := aws.Text(block, "", "cleanup_policy"), aws.Int(block, 0, "retention_time_in_hours")
	switch {
	case !policy.Known():
		return unknown(policy.Reason, policy.Pos)
	case policy.Value == "Compact":
		return aws.Declared(0, policy.Pos), aws.Declared(fact.Unbounded, policy.Pos)
	case policy.Value != "Delete" || hours.Known() && hours.Value <= 0:
		return unknown("retention_description: what deletes events is not one this reader knows", block.Pos)
	}
	return aws.Then(hours, func(n int) int { return n / 24 }), aws.Then(hours, func(n int) int { return (n + 23) / 24 })
}

// azureCopies fills remote: what rules export from a workspace.
func (c *collection) azureCopies() {
	for _, e := range c.x.OfType("azurerm_log_analytics_data_export_rule") {
		on := aws.Bool(e.Body, false, "enabled")
		if on.Known() && !on.Value {
			continue
		}
		to := aws.NotKnown[[]string]("where "+e.Address+" exports to is not known", e.Pos)
		v := e.Body.Get("destination_resource_id")
		if links := c.x.Named(v, "azurerm_storage_account"); len(links) == 1 && links[0].Reason == "" && on.Known() && e.KnownCount {
			to = c.accountAt(e, v, blobs{"appendBlob", aws.Default("am-", e.Pos), aws.Default(fact.Unbounded, e.Pos)}, "account")
		}
		for _, l := range c.x.Named(e.Body.Get("workspace_resource_id"), "azurerm_log_analytics_workspace") {
			if s := c.byID[l.Address]; s != nil {
				one := to
				if l.Reason != "" {
					one = aws.NotKnown[[]string](l.Reason, e.Pos)
				}
				s.remote = aws.Union(s.remote, one)
			}
		}
	}
}

// listed joins names in order.
func listed(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ",")
}
