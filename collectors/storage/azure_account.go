package storage

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// azureAccount reads azurerm_storage_account with all that lies in it: blobs,
// files, queues and tables share its key, its region and its copies.
func (c *collection) azureAccount(r *terraform.Resource) {
	a := azure.Of(c.x).Account(r)
	s := c.fromAzure(r.Address, "bucket", "storage_account", r, azure.Region(r))
	s.always("SSE", a.Key())
	if twice := aws.Bool(r.Body, false, "infrastructure_encryption_enabled"); !twice.Known() {
		s.methods = aws.NotKnown[[]string](twice.Reason, twice.Pos)
	} else if twice.Value {
		s.methods = aws.Declared([]string{"SSE", "infrastructure"}, twice.Pos)
	}
	s.replicas = aws.Union(azure.Copies(a.Geo(), s.region), c.replicated(a))
	s.public, s.publicBy = a.Anonymous()
	s.block = aws.Then(a.Nested(), func(allowed bool) string {
		if allowed {
			return "off"
		}
		return "full"
	})
	s.versioned = a.Versioned()
	s.retention = a.RestoreDays()
	s.ttl = azureLifetime(a, "blockBlob")
}

// azureLifetime is how long a blob can stay: until the management policy deletes it,
// and where former ones are kept until those are gone.
func azureLifetime(a azure.Account, blobs string) aws.Answer[int] {
	l := a.Lifecycle(blobs, aws.Default("", a.Pos))
	switch {
	case !l.Expire.Known() || l.Expire.Value == fact.Unbounded:
		return l.Expire
	case !l.Noncurrent.Known():
		return l.Noncurrent
	case l.Noncurrent.Value == fact.Unbounded:
		kept := a.Versioned()
		if kept.Known() && !kept.Value {
			return l.Expire
		}
		return l.Noncurrent
	}
	return aws.Declared(l.Expire.Value+l.Noncurrent.Value, l.Expire.Pos)
}

// replicated gives the countries that object replication copies blobs to.
func (c *collection) replicated(a azure.Account) aws.Answer[[]string] {
	out := aws.Default([]string{}, a.Pos)
	az := azure.Of(c.x)
	for _, l := range c.x.Attached(a.Resource, "azurerm_storage_object_replication", "source_storage_account_id") {
		if l.Reason != "" {
			return aws.NotKnown[[]string](l.Reason, l.Pos)
		}
		to := l.Body.Get("destination_storage_account_id")
		account, reason := az.One(to, "the account that "+l.Address+" copies to", "azurerm_storage_account")
		if account == nil {
			return aws.NotKnown[[]string](reason, to.Pos)
		}
		country := azure.Country(azure.Region(account))
		out = aws.Union(out, aws.Then(country, func(s string) []string { return []string{s} }))
	}
	return out
}

// azurePart reads a container, share, queue or table of an account that the root
// does not declare. Those of declared accounts are part of their account.
func (c *collection) azurePart(r *terraform.Resource) {
	account := azure.First(r.Body, "storage_account_id", "storage_account_name")
	for _, l := range c.x.Named(account, "azurerm_storage_account") {
		if l.Reason == "" {
			return
		}
	}
	typ := map[string]string{"azurerm_storage_share": "share", "azurerm_storage_queue": "queue", "azurerm_storage_table": "database"}[r.Type]
	if typ == "" {
		typ = "bucket"
	}
	const reason = "the storage account is managed elsewhere"
	at := azureAt(account.Pos, r.Pos)
	s := c.fromAzure(r.Address, typ, "storage_account", r, aws.NotKnown[string](reason, at))
	s.always("SSE", aws.UnknownKey(reason, at))
	s.methods, s.replicas = aws.NotKnown[[]string](reason, at), aws.NotKnown[[]string](reason, at)
	s.block, s.versioned = aws.NotKnown[string](reason, at), aws.NotKnown[bool](reason, at)
	s.ttl, s.retention = aws.NotKnown[int](reason, at), aws.NotKnown[int](reason, at)
	if r.Type != "azurerm_storage_container" {
		return
	}
	public := aws.Then(aws.Text(r.Body, "private", "container_access_type"), func(t string) bool { return !strings.EqualFold(t, "private") })
	if public.Known() && public.Value {
		s.public = aws.NotKnown[bool]("container_access_type is not private, and whether the account lets it be public is managed elsewhere", public.Pos)
		s.publicBy = aws.Declared([]string{r.Address + " container_access_type"}, public.Pos)
	} else {
		s.public, s.publicBy = public, aws.Then(public, func(bool) []string { return []string{} })
	}
}

func azureAt(p, otherwise fact.Position) fact.Position {
	if p.IsZero() {
		return otherwise
	}
	return p
}
