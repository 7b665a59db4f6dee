package access

import (
	"slices"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

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
