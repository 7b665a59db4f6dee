package access

import (
	"slices"
	"strconv"
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

// wideScope reports whether a scope is a subscription or more.
func wideScope(v *terraform.Value) aws.Answer[bool] {
	if len(v.Refs) == 1 && v.Direct {
		address := v.Refs[0].Address
		for _, typ := range []string{"azurerm_subscription.", "azurerm_management_group."} {
			if strings.Contains(address, typ) {
				return aws.Declared(true, v.Pos)
			}
		}
		return aws.Declared(false, v.Pos)
	}
	if v.Kind != terraform.String {
		return aws.NotKnown[bool](v.Reason, v.Pos)
	}
	text := strings.Trim(strings.ToLower(v.Text), "/")
	rest, ok := strings.CutPrefix(text, "subscriptions/")
	return aws.Declared(text == "" || strings.HasPrefix(text, "providers/microsoft.management/") || ok && !strings.Contains(rest, "/"), v.Pos)
}

// azureServices are the resource types that are stores, with the providers of
// Azure that they belong to.
var azureServices = []struct{ typ, namespace string }{
	{"azurerm_storage_account", "Microsoft.Storage"},
	{"azurerm_managed_disk", "Microsoft.Compute"},
	{"azurerm_snapshot", "Microsoft.Compute"},
	{"azurerm_mssql_database", "Microsoft.Sql"},
	{"azurerm_mssql_managed_instance", "Microsoft.Sql"},
	{"azurerm_postgresql_flexible_server", "Microsoft.DBforPostgreSQL"},
	{"azurerm_postgresql_server", "Microsoft.DBforPostgreSQL"},
	{"azurerm_mysql_flexible_server", "Microsoft.DBforMySQL"},
	{"azurerm_mysql_server", "Microsoft.DBforMySQL"},
	{"azurerm_mariadb_server", "Microsoft.DBforMariaDB"},
	{"azurerm_cosmosdb_account", "Microsoft.DocumentDB"},
	{"azurerm_redis_cache", "Microsoft.Cache"},
	{"azurerm_managed_redis", "Microsoft.Cache"},
	{"azurerm_redis_enterprise_cluster", "Microsoft.Cache"},
	{"azurerm_eventhub_namespace", "Microsoft.EventHub"},
	{"azurerm_servicebus_namespace", "Microsoft.ServiceBus"},
	{"azurerm_search_service", "Microsoft.Search"},
}

// azureParts are the types within a store that a scope may name, and the arguments that
// name the store.
var azureParts = map[string][]string{
	"azurerm_storage_container": {"storage_account_id", "storage_account_name"},
	"azurerm_storage_share":     {"storage_account_id", "storage_account_name"},
	"azurerm_storage_queue":     {"storage_account_id", "storage_account_name"},
	"azurerm_storage_table":     {"storage_account_id", "storage_account_name"},
	"azurerm_eventhub":          {"namespace_id", "namespace_name"},
	"azurerm_servicebus_queue":  {"namespace_id", "namespace_name"},
	"azurerm_servicebus_topic":  {"namespace_id", "namespace_name"},
}

// azureCovered gives the stores that a role at a scope gives access to.
func (c *collection) azureCovered(scope *terraform.Value, actions aws.Answer[[]string]) aws.Answer[[]string] {
	out := aws.Declared([]string{}, scope.Pos)
	wide := wideScope(scope)
	for _, k := range azureServices {
		for _, s := range c.x.OfType(k.typ) {
			hit := aws.And(azureActs(actions, k.namespace), aws.Or(wide, c.azureWithin(scope, s)))
			if !hit.Known() {
				return aws.NotKnown[[]string](hit.Reason, hit.Pos)
			}
			if hit.Value {
				out.Value = append(out.Value, c.x.Reference(s.Address))
			}
		}
	}
	return out
}

// azureActs reports whether actions are of a provider.
func azureActs(actions aws.Answer[[]string], namespace string) aws.Answer[bool] {
	return aws.Then(actions, func(list []string) bool {
		return slices.ContainsFunc(list, func(a string) bool {
			head, _, _ := strings.Cut(a, "/")
			return strings.HasPrefix(a, "!") || strings.HasPrefix(a, "*") || strings.EqualFold(head, namespace)
		})
	})
}

// azureWithin reports whether a store is a scope, has it as a part, or lies in it.
func (c *collection) azureWithin(scope *terraform.Value, s *terraform.Resource) aws.Answer[bool] {
	if scope.Direct && len(scope.Refs) == 1 {
		part := c.x.Resource(scope.Refs[0].Address)
		if part != nil && part.Type == "azurerm_mssql_server" {
			return certain(c.x.Names(s.Body.Get("server_id"), part)).at(scope.Pos)
		}
		if part != nil && part.Type == "azurerm_resource_group" {
			return c.inGroup(part, s, scope)
		}
		if part != nil && azureParts[part.Type] != nil {
			return certain(c.x.Names(azure.First(part.Body, azureParts[part.Type]...), s)).at(scope.Pos)
		}
	}
	if scope.Kind == terraform.String && strings.HasPrefix(scope.Text, "/subscriptions/") {
		name := aws.Text(s.Body, "", "name")
		switch group := azure.Path(scope.Text, "resourceGroups"); {
		case group == "":
		case !strings.Contains(scope.Text, "/providers/"):
			own := aws.Text(s.Body, "", "resource_group_name")
			return aws.Then(own, func(n string) bool { return strings.EqualFold(n, group) })
		case name.Known() && name.Value != "":
			return aws.Declared(strings.Contains(scope.Text+"/", "/"+name.Value+"/"), scope.Pos)
		}
	}
	return certain(c.x.Names(scope, s)).at(scope.Pos)
}

// inGroup reports whether a store is in a resource group.
func (c *collection) inGroup(group, s *terraform.Resource, scope *terraform.Value) aws.Answer[bool] {
	v := s.Body.Get("resource_group_name")
	if v.Unset() { // a database is where its server is
		if server, _ := azure.Of(c.x).One(s.Body.Get("server_id"), "", "azurerm_mssql_server"); server != nil {
			v = server.Body.Get("resource_group_name")
		}
	}
	return certain(c.x.Names(v, group)).at(scope.Pos)
}

type certainty struct {
	sure   aws.Certainty
	reason string
}

func certain(sure aws.Certainty, reason string) certainty { return certainty{sure, reason} }

func (k certainty) at(pos fact.Position) aws.Answer[bool] {
	if k.sure == aws.Maybe {
		return aws.NotKnown[bool](k.reason, pos)
	}
	return aws.Declared(k.sure == aws.Yes, pos)
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

// azureVault reads the access policies written in a key vault.
func (c *collection) azureVault(r *terraform.Resource) {
	blocks, reason := aws.Blocks(r.Body, "access_policy")
	if reason != "" {
		c.b.Incomplete(r.Address + ": access_policy: " + reason)
	}
	for i, b := range blocks {
		if b.Kind == terraform.Object {
			c.azurePolicy(r.Address+"/access_policy/"+strconv.Itoa(i), b, b.Pos, aws.Declared([]string{r.Address}, r.Pos))
		}
	}
}

// azureVaultPolicy reads azurerm_key_vault_access_policy.
func (c *collection) azureVaultPolicy(r *terraform.Resource) {
	vault := rendered(r.Body.Get("key_vault_id"))
	c.azurePolicy(r.Address, r.Body, r.Pos, aws.Then(vault, func(s string) []string { return []string{s} }))
}

// azureAdministers and azureUses are the permissions that let someone change a key,
// and work with it.
var (
	azureAdministers = []string{"backup", "create", "delete", "import", "purge", "recover", "restore", "rotate", "setrotationpolicy", "update"}
	azureUses        = []string{"decrypt", "encrypt", "release", "sign", "unwrapkey", "verify", "wrapkey"}
)

func (c *collection) azurePolicy(id string, body *terraform.Value, at fact.Position, on aws.Answer[[]string]) {
	rule := newAzureRule(id, "resource_policy", at)
	rule.principals = aws.Then(rendered(body.Get("object_id")), func(s string) []string { return []string{s} })
	rule.resources, rule.actions = on, aws.Declared([]string{}, at)
	for _, kind := range []string{"certificate", "key", "secret", "storage"} {
		list := aws.Texts(body, kind+"_permissions")
		rule.actions = aws.Union(rule.actions, aws.Then(list, func(names []string) []string {
			out := []string{}
			for _, n := range names {
				out = append(out, kind+"/"+strings.ToLower(n))
			}
			return out
		}))
	}
	keys := aws.Texts(body, "key_permissions")
	if !keys.Known() || len(keys.Value) > 0 {
		rule.typ = "key_policy"
		rule.duties = aws.Then(keys, func(names []string) []string {
			out := []string{}
			if meets(names, azureAdministers) {
				out = append(out, "administer")
			}
			if meets(names, azureUses) {
				out = append(out, "use")
			}
			return out
		})
		rule.both = rule.principals
		if rule.duties.Known() && len(rule.duties.Value) < 2 {
			rule.both = aws.Declared([]string{}, at)
		} else if !rule.duties.Known() {
			rule.both = aws.NotKnown[[]string](rule.duties.Reason, rule.duties.Pos)
		}
	}
	c.putAzure(rule)
}

func meets(names, list []string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		return slices.Contains(list, strings.ToLower(n)) || strings.EqualFold(n, "all")
	})
}
