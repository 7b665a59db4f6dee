package access

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// azureReaders reads who is admitted to what in Azure, by resource type.
var azureReaders = map[string]func(*collection, *terraform.Resource){
	"azurerm_role_assignment":         (*collection).azureAssignment,
	"azurerm_storage_container":       (*collection).azureContainer,
	"azurerm_key_vault":               (*collection).azureVault,
	"azurerm_key_vault_access_policy": (*collection).azureVaultPolicy,

	"azurerm_linux_virtual_machine":                  (*collection).azureLogin,
	"azurerm_linux_virtual_machine_scale_set":        (*collection).azureLogin,
	"azurerm_orchestrated_virtual_machine_scale_set": (*collection).azureLogin,
	"azurerm_virtual_machine":                        (*collection).azureLogin,
}

// azureUnmodelled are the types of Azure that admit someone and are not read.
var azureUnmodelled = []string{
	"azurerm_cosmosdb_cassandra_cluster", "azurerm_cosmosdb_mongo_user_definition", "azurerm_cosmosdb_sql_role_assignment",
	"azurerm_eventhub_authorization_rule", "azurerm_eventhub_namespace_authorization_rule", "azurerm_key_vault_managed_hardware_security_module_role_assignment",
	"azurerm_kusto_cluster_principal_assignment", "azurerm_kusto_database_principal_assignment", "azurerm_lighthouse_assignment",
	"azurerm_managed_disk_sas_token", "azurerm_mssql_managed_instance_active_directory_administrator", "azurerm_mysql_flexible_server_active_directory_administrator",
	"azurerm_pim_active_role_assignment", "azurerm_pim_eligible_role_assignment", "azurerm_postgresql_flexible_server_active_directory_administrator",
	"azurerm_redis_cache_access_policy_assignment", "azurerm_servicebus_namespace_authorization_rule", "azurerm_servicebus_queue_authorization_rule",
	"azurerm_servicebus_topic_authorization_rule", "azurerm_storage_account_local_user", "azurerm_storage_data_lake_gen2_path",
	"azurerm_storage_share", "azurerm_storage_table", "azurerm_synapse_role_assignment",
}

// azureRule is one rule before it is written.
type azureRule struct {
	id, typ              string
	at                   fact.Position
	principals           aws.Answer[[]string]
	actions              aws.Answer[[]string]
	resources            aws.Answer[[]string]
	everyone, everything aws.Answer[bool] // of principals, of resources
	condition            aws.Answer[string]
	duties, both, store  aws.Answer[[]string]
	reachable            aws.Answer[bool]
}

func newAzureRule(id, typ string, at fact.Position) azureRule {
	none := aws.Declared([]string{}, at)
	return azureRule{
		id: id, typ: typ, at: at, everyone: aws.Declared(false, at), everything: aws.Declared(false, at), condition: aws.Default("", at),
		duties: none, both: none, store: none, reachable: aws.Declared(true, at),
	}
}

func (c *collection) putAzure(r azureRule) {
	item := c.b.Add(c.unique(r.id), "declared", r.at)
	item.Set("type", r.typ, r.at).Set("effect", "allow", r.at)
	r.principals.Put(item, "principals")
	r.actions.Put(item, "actions")
	r.resources.Put(item, "resources")
	w := item.Object("wildcards", r.at)
	r.everyone.Put(w, "principal")
	aws.Then(r.actions, func(list []string) bool { return slices.ContainsFunc(list, azureWide) }).Put(w, "action")
	r.everything.Put(w, "resource")
	switch {
	case !r.condition.Known():
		item.Gap("conditions", r.condition.Reason, r.condition.Pos).Gap("restricted", r.condition.Reason, r.condition.Pos)
	case r.condition.Value == "":
		item.Set("conditions", []any{}, r.at).Set("restricted", false, r.at)
	default:
		const reason = "what the condition demands is not read"
		o := item.Append("conditions", r.condition.Pos).Set("operator", "condition", r.condition.Pos).Set("key", "", r.condition.Pos)
		o.Set("values", []any{r.condition.Value}, r.condition.Pos).Gap("restricts", reason, r.condition.Pos)
		item.Gap("restricted", reason, r.condition.Pos)
	}
	r.duties.Put(item, "duties")
	r.both.Put(item, "both_duties")
	item.Set("delegates", false, r.at)
	none := fact.Position{}
	item.Set("sources", []any{}, none).Set("source_scope", "none", none).Set("method", "", none).Set("mfa", false, none)
	item.Set("recorded", true, none).Set("error", "", none)
	r.reachable.Put(item, "reachable")
	r.store.Put(item, "store")
}

// azureWide reports whether an action is every one, or every one of a provider.
func azureWide(action string) bool {
	if action == "*" || strings.HasPrefix(action, "!") {
		return true
	}
	namespace, rest, _ := strings.Cut(action, "/")
	return rest == "*" && namespace != "*"
}

// azureAssignment reads azurerm_role_assignment: a role, given to a principal at a
// scope and all below it.
func (c *collection) azureAssignment(r *terraform.Resource) {
	rule := newAzureRule(r.Address, "iam", r.Pos)
	rule.principals = aws.Then(rendered(r.Body.Get("principal_id")), func(s string) []string { return []string{s} })
	rule.actions = c.azureRole(r)
	scope := r.Body.Get("scope")
	rule.resources = aws.Then(rendered(scope), func(s string) []string { return []string{s} })
	rule.everything = wideScope(scope)
	rule.condition = aws.Text(r.Body, "", "condition")
	rule.store = c.azureCovered(scope, rule.actions)
	c.putAzure(rule)
}

// rendered is a value as text: what it refers to, or what is written.
func rendered(v *terraform.Value) aws.Answer[string] {
	switch {
	case v.Direct && len(v.Refs) == 1:
		return aws.Declared(v.Refs[0].Address, v.Pos)
	case v.Kind == terraform.String:
		return aws.Declared(v.Text, v.Pos)
	case v.Unset():
		return aws.NotKnown[string]("nothing is named", v.Pos)
	}
	return aws.NotKnown[string](v.Reason, v.Pos)
}

// azureContainer reads a container that everyone may read: its blobs, or also the
// list of them. It comes to bear as far as the account lets it.
func (c *collection) azureContainer(r *terraform.Resource) {
	kind := aws.Text(r.Body, "private", "container_access_type")
	if kind.Known() && strings.EqualFold(kind.Value, "private") {
		return
	}
	rule := newAzureRule(r.Address+"/container_access_type", "bucket_policy", kind.Pos)
	rule.principals, rule.everyone = aws.Declared([]string{"*"}, kind.Pos), aws.Then(kind, func(string) bool { return true })
	if !kind.Known() {
		rule.principals = aws.NotKnown[[]string](kind.Reason, kind.Pos)
	}
	const blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/"
	rule.actions = aws.Then(kind, func(t string) []string {
		if strings.EqualFold(t, "container") {
			return []string{blobs + "blobs/read", blobs + "read"}
		}
		return []string{blobs + "blobs/read"}
	})
	rule.resources = aws.Declared([]string{r.Address}, r.Pos)
	account, reason := azure.Of(c.x).One(azure.First(r.Body, "storage_account_id", "storage_account_name"), "the storage account", "azurerm_storage_account")
	if account == nil {
		rule.store, rule.reachable = aws.NotKnown[[]string](reason, r.Pos), aws.NotKnown[bool](reason, r.Pos)
	} else {
		rule.store = aws.Declared([]string{c.x.Reference(account.Address)}, r.Pos)
		a := azure.Of(c.x).Account(account)
		rule.reachable = aws.And(a.Nested(), a.Rules().Open)
	}
	c.putAzure(rule)
}
