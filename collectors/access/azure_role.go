package access

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// azureRoles are built-in roles whose reach is wide or of data, with what they
// allow, data actions included. Source: Microsoft, "Azure built-in roles"
// (second-hand, not compared with the page for this table); of all others the
// actions are not known here. Negated ones stand for everything but these.
var azureRoles = map[string][]string{
	"Owner": {"*"},
	"Contributor": {
		"!Microsoft.Authorization/*/Delete", "!Microsoft.Authorization/*/Write", "!Microsoft.Authorization/elevateAccess/Action",
		"!Microsoft.Blueprint/blueprintAssignments/delete", "!Microsoft.Blueprint/blueprintAssignments/write",
		"!Microsoft.Compute/galleries/share/action",
	},
	"Reader":                                    {"*/read"},
	"User Access Administrator":                 {"*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"},
	"Storage Account Contributor":               {"Microsoft.Storage/storageAccounts/*"},
	"Storage Account Key Operator Service Role": {"Microsoft.Storage/storageAccounts/listkeys/action", "Microsoft.Storage/storageAccounts/regeneratekey/action"},
	"Storage Blob Data Owner":                   {"Microsoft.Storage/storageAccounts/blobServices/containers/*", "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/*"},
	"Storage Blob Data Contributor":             blobActions("add/action", "delete", "move/action", "read", "write"),
	"Storage Blob Data Reader":                  blobActions("read"),
	"Storage Queue Data Contributor": {
		"Microsoft.Storage/storageAccounts/queueServices/queues/messages/delete", "Microsoft.Storage/storageAccounts/queueServices/queues/messages/process/action",
		"Microsoft.Storage/storageAccounts/queueServices/queues/messages/read", "Microsoft.Storage/storageAccounts/queueServices/queues/messages/write",
	},
	"Storage Queue Data Reader":                {"Microsoft.Storage/storageAccounts/queueServices/queues/messages/read"},
	"Key Vault Administrator":                  {"Microsoft.KeyVault/vaults/*"},
	"Key Vault Secrets Officer":                {"Microsoft.KeyVault/vaults/secrets/*"},
	"Key Vault Secrets User":                   {"Microsoft.KeyVault/vaults/secrets/getSecret/action", "Microsoft.KeyVault/vaults/secrets/readMetadata/action"},
	"Key Vault Crypto Officer":                 {"Microsoft.KeyVault/vaults/keys/*"},
	"Key Vault Crypto Service Encryption User": {"Microsoft.KeyVault/vaults/keys/read", "Microsoft.KeyVault/vaults/keys/unwrap/action", "Microsoft.KeyVault/vaults/keys/wrap/action"},
	"SQL Server Contributor":                   {"Microsoft.Sql/servers/*"},
	"SQL DB Contributor":                       {"Microsoft.Sql/servers/databases/*"},
	"DocumentDB Account Contributor":           {"Microsoft.DocumentDB/databaseAccounts/*"},
	"Azure Event Hubs Data Owner":              {"Microsoft.EventHub/*"},
	"Azure Service Bus Data Owner":             {"Microsoft.ServiceBus/*"},
	"Redis Cache Contributor":                  {"Microsoft.Cache/register/action", "Microsoft.Cache/redis/*"},
	"Virtual Machine Contributor":              {"Microsoft.Compute/disks/delete", "Microsoft.Compute/disks/read", "Microsoft.Compute/disks/write", "Microsoft.Compute/virtualMachines/*"},
	"Monitoring Reader":                        {"*/read"},
	"Log Analytics Reader":                     {"*/read"},
}

func blobActions(names ...string) []string {
	const blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/"
	var out []string
	for _, n := range names {
		out = append(out, blobs+n)
	}
	return out
}

// azureRole gives the actions of the role that an assignment names: a built-in one
// by its name, or one that the root defines.
func (c *collection) azureRole(r *terraform.Resource) aws.Answer[[]string] {
	if v := r.Body.Get("role_definition_name"); !v.Unset() {
		name := aws.Text(r.Body, "", "role_definition_name")
		if !name.Known() {
			return aws.NotKnown[[]string](name.Reason, name.Pos)
		}
		if list, ok := azureRoles[name.Value]; ok {
			return aws.Declared(slices.Clone(list), name.Pos)
		}
		if d := c.azureDefined(v, name.Value); d != nil {
			return azurePermissions(d)
		}
		return aws.NotKnown[[]string]("the actions of role "+name.Value+" are not in the table", name.Pos)
	}
	v := r.Body.Get("role_definition_id")
	if d, _ := azure.Of(c.x).One(v, "", "azurerm_role_definition"); d != nil {
		return azurePermissions(d)
	}
	if d := azureBuiltIn(c.x, v); d != nil {
		name := aws.Text(d.Body, "", "name")
		if list, ok := azureRoles[name.Value]; ok && name.Known() {
			return aws.Declared(slices.Clone(list), v.Pos)
		}
		return aws.NotKnown[[]string]("the actions of role "+name.Value+" are not in the table"+name.Reason, v.Pos)
	}
	if v.Kind == terraform.Unknown && !v.Direct {
		return aws.Unknown[[]string](v)
	}
	return aws.NotKnown[[]string]("the role is defined elsewhere", v.Pos)
}

// azureDefined is a role of the root of a name.
func (c *collection) azureDefined(v *terraform.Value, name string) *terraform.Resource {
	for _, d := range c.x.OfType("azurerm_role_definition") {
		if own := aws.Text(d.Body, "", "name"); own.Known() && own.Value == name {
			return d
		}
	}
	return nil
}

// azureBuiltIn is the data source that looks a role up by name.
func azureBuiltIn(x *aws.Index, v *terraform.Value) *terraform.Resource {
	if !v.Direct || len(v.Refs) != 1 {
		return nil
	}
	d := x.Resource(v.Refs[0].Address)
	if d == nil || d.Mode != "data" || d.Type != "azurerm_role_definition" {
		return nil
	}
	return d
}

// azurePermissions are the actions of a role that the root defines. What it takes
// out again is left in, unless it allows everything.
func azurePermissions(d *terraform.Resource) aws.Answer[[]string] {
	blocks, reason := aws.Blocks(d.Body, "permissions")
	if reason != "" {
		return aws.NotKnown[[]string](reason, d.Pos)
	}
	out := aws.Declared([]string{}, d.Pos)
	for _, b := range blocks {
		for _, pair := range [][2]string{{"actions", "not_actions"}, {"data_actions", "not_data_actions"}} {
			yes, no := aws.Texts(b, pair[0]), aws.Texts(b, pair[1])
			if yes.Known() && slices.Contains(yes.Value, "*") {
				yes = aws.Then(no, func(list []string) []string {
					if len(list) == 0 {
						return []string{"*"}
					}
					negated := []string{}
					for _, a := range list {
						negated = append(negated, "!"+a)
					}
					return negated
				})
			}
			out = aws.Union(out, yes)
		}
	}
	return out
}
