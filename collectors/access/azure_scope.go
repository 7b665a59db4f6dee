package access

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

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
