package storage

import (
	"math"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// azureCosmos reads azurerm_cosmosdb_account, always encrypted. It answers
// everyone unless addresses or subnets are named. The provider documents the
// defaults of a backup block, not what holds without one.
func (c *collection) azureCosmos(r *terraform.Resource) {
	az := azure.Of(c.x)
	s := c.fromAzure(r.Address, "database", "cosmosdb", r, azure.Region(r))
	s.engine = aws.Then(aws.Text(r.Body, "GlobalDocumentDB", "kind"), func(k string) string {
		if k == "MongoDB" {
			return "mongodb"
		}
		return ""
	})
	key := azure.First(r.Body, "key_vault_key_id", "managed_hsm_key_id")
	s.always("AES256", az.Key(key, azure.Never(r.Pos), azure.PlatformKey(s.region, r.Pos)))
	s.public = az.CosmosPublic(r)
	s.publicBy = aws.Then(s.public, func(open bool) []string {
		if open {
			return []string{"public_network_access_enabled"}
		}
		return []string{}
	})
	s.replicas = c.cosmosRegions(r, s.region)
	for _, typ := range []string{"azurerm_cosmosdb_sql_container", "azurerm_cosmosdb_mongo_collection", "azurerm_cosmosdb_cassandra_table", "azurerm_cosmosdb_gremlin_graph"} {
		for _, l := range c.x.Attached(r, typ, "account_name") {
			if v := azure.First(l.Body, "default_ttl", "default_ttl_seconds"); !v.Unset() && v.Number != "-1" {
				s.ttl = aws.NotKnown[int]("containers of the account differ in what they delete: "+l.Address+" does", v.Pos)
			}
		}
	}
	days, geo := cosmosBackups(r)
	c.azureBackups(s, days, azure.Copies(geo, s.region), r)
}

// cosmosRegions gives the countries of the regions besides the account's own.
func (c *collection) cosmosRegions(r *terraform.Resource, home aws.Answer[string]) aws.Answer[[]string] {
	list, reason := aws.Blocks(r.Body, "geo_location")
	if reason != "" {
		return aws.NotKnown[[]string](reason, r.Pos)
	}
	out := aws.Default([]string{}, r.Pos)
	for _, l := range list {
		region := azure.RegionAt(l, r, "location")
		if !region.Known() || !home.Known() {
			return aws.NotKnown[[]string](region.Reason+home.Reason, l.Pos)
		}
		if region.Value == home.Value {
			continue
		}
		country := azure.Country(region)
		out = aws.Union(out, aws.Then(country, func(s string) []string { return []string{s} }))
	}
	return out
}

func cosmosBackups(r *terraform.Resource) (aws.Answer[int], aws.Answer[bool]) {
	at := aws.Block(r.Body, "backup")
	if at.Kind == terraform.Unknown {
		return aws.Unknown[int](at), aws.Unknown[bool](at)
	}
	if at.Unset() {
		return aws.NotKnown[int]("backup: "+azure.Undocumented, r.Pos), aws.NotKnown[bool]("backup: "+azure.Undocumented, r.Pos)
	}
	typ := aws.Text(at, "", "type")
	geo := aws.Then(aws.Text(at, "Geo", "storage_redundancy"), func(t string) bool { return t == "Geo" })
	switch {
	case !typ.Known():
		return aws.NotKnown[int](typ.Reason, typ.Pos), aws.NotKnown[bool](typ.Reason, typ.Pos)
	case typ.Value == "Periodic":
		return aws.Then(aws.Int(at, 8, "retention_in_hours"), func(h int) int { return int(math.Ceil(float64(h) / 24)) }), geo
	}
	// Continuous backups stay in the regions of the account.
	tier := aws.Text(at, "", "tier")
	days := map[string]int{"Continuous7Days": 7, "Continuous30Days": 30}
	none := aws.Declared(false, typ.Pos)
	switch {
	case tier.Default:
		return aws.NotKnown[int]("tier: "+azure.Undocumented, at.Pos), none
	case tier.Known() && days[tier.Value] == 0:
		return aws.NotKnown[int]("tier "+tier.Value+" is not in the table", tier.Pos), none
	}
	return aws.Then(tier, func(t string) int { return days[t] }), none
}

// azureRedis reads azurerm_redis_cache. Whether disks below it are encrypted
// hangs on tier and persistence and was not verified; without rdb_backup_enabled
// there are no backups.
func (c *collection) azureRedis(r *terraform.Resource) {
	const reason = "whether the cache encrypts at rest is not in the table"
	s := c.fromAzure(r.Address, "cache", "redis", r, azure.Region(r))
	s.engine, s.version = aws.Default("redis", r.Pos), aws.Text(r.Body, "", "redis_version")
	s.encrypt(aws.NotKnown[bool](reason, r.Pos), "", nil)
	s.public = azure.Of(c.x).RedisPublic(r)
	s.publicBy = aws.Then(s.public, func(open bool) []string {
		if open {
			return []string{"public_network_access_enabled"}
		}
		return []string{}
	})
	on := aws.Bool(aws.Block(r.Body, "redis_configuration"), false, "rdb_backup_enabled")
	switch {
	case !on.Known():
		s.retention = aws.NotKnown[int](on.Reason, on.Pos)
	case on.Value:
		s.retention = aws.NotKnown[int]("backups are kept in a storage account", on.Pos)
	}
}

// azureManagedRedis reads the enterprise tiers: encrypted for certain where the
// customer brings a key.
func (c *collection) azureManagedRedis(r *terraform.Resource) {
	s := c.fromAzure(r.Address, "cache", "managed_redis", r, azure.Region(r))
	s.engine = aws.Default("redis", r.Pos)
	by := aws.Block(r.Body, "customer_managed_key")
	if v := by.Get("key_vault_key_id"); v.Kind == terraform.Unknown && !v.Direct || by.Unset() {
		s.encrypt(aws.NotKnown[bool]("whether the cache encrypts at rest without a key of the customer is not in the table", r.Pos), "", nil)
	} else {
		s.always("AES256", azure.Of(c.x).Key(v, azure.Never(by.Pos), azure.PlatformKey(s.region, r.Pos)))
	}
	if r.Type == "azurerm_managed_redis" {
		s.public = azure.Enabled(r.Body, true, "public_network_access")
	} else {
		s.public = aws.NotKnown[bool]("public_network_access: "+azure.Undocumented, r.Pos)
		if !r.Body.Get("public_network_access").Unset() {
			s.public = azure.Enabled(r.Body, true, "public_network_access")
		}
	}
	s.publicBy = aws.Then(s.public, func(open bool) []string {
		if open {
			return []string{"public_network_access"}
		}
		return []string{}
	})
	s.retention = aws.NotKnown[int]("what persistence keeps is not in the table", r.Pos)
}

// azureNamespace reads namespaces of Event Hubs and Service Bus, always
// encrypted. Pairing namespaces copies names of queues, never messages. Messages end with their own time to live, which is each queue's.
func (c *collection) azureNamespace(r *terraform.Resource) {
	product, argument := "event_hubs", "eventhub_namespace_id"
	if r.Type == "azurerm_servicebus_namespace" {
		product, argument = "service_bus", "namespace_id"
	}
	s := c.fromAzure(r.Address, "queue", product, r, azure.Region(r))
	key := azure.PlatformKey(s.region, r.Pos)
	own, reason := aws.Only(c.x.Attached(r, r.Type+"_customer_managed_key", argument))
	switch {
	case reason != "":
		key = aws.UnknownKey(reason, r.Pos)
	case own != nil:
		key = c.namespaceKey(own, key)
	case r.Type == "azurerm_servicebus_namespace":
		if by := aws.Block(r.Body, "customer_managed_key"); by.Kind == terraform.Unknown {
			key = aws.UnknownKey(by.Reason, by.Pos)
		} else if !by.Unset() {
			key = azure.Of(c.x).Key(by.Get("key_vault_key_id"), azure.Never(by.Pos), key)
		}
	}
	s.always("SSE", key)
	s.ttl = aws.NotKnown[int]("how long messages are kept is said of each queue or hub", r.Pos)
}

func (c *collection) namespaceKey(own *terraform.Resource, absent aws.Key) aws.Key {
	v := azure.First(own.Body, "key_vault_key_ids", "key_vault_key_id")
	if v.Kind == terraform.List {
		if len(v.Elems) != 1 {
			return aws.UnknownKey("several keys are named", v.Pos)
		}
		v = v.Elems[0]
	}
	return azure.Of(c.x).Key(v, azure.Never(own.Pos), absent)
}

// azureSearch reads azurerm_search_service, always encrypted; a key of the
// customer's is given with each index, not here.
func (c *collection) azureSearch(r *terraform.Resource) {
	s := c.fromAzure(r.Address, "database", "ai_search", r, azure.Region(r))
	key := azure.PlatformKey(s.region, r.Pos)
	if on := aws.Bool(r.Body, false, "customer_managed_key_enforcement_enabled"); !on.Known() {
		key = aws.UnknownKey(on.Reason, on.Pos)
	} else if on.Value {
		key = aws.UnknownKey("the key is given with each index", on.Pos)
		key.Manager, key.Holder = aws.Declared("customer", on.Pos), aws.Declared("azure", on.Pos)
	}
	s.always("AES256", key)
	open := aws.Then(aws.Texts(r.Body, "allowed_ips"), func(list []string) bool { return len(list) == 0 })
	s.public = aws.And(aws.Bool(r.Body, true, "public_network_access_enabled"), open)
	s.publicBy = aws.Then(s.public, func(yes bool) []string {
		if yes {
			return []string{"public_network_access_enabled"}
		}
		return []string{}
	})
}

// azureVault reads the backups of a vault that no policy of the root writes to.
func (c *collection) azureVault(r *terraform.Resource) {
	for _, typ := range []string{"azurerm_backup_policy_vm", "azurerm_backup_policy_file_share"} {
		if len(c.x.Attached(r, typ, "recovery_vault_name")) > 0 {
			return // the policies say what is kept
		}
	}
	s := c.vaultStore(r.Address, r, r)
	s.retention = aws.NotKnown[int]("no policy of the root module writes to the vault", r.Pos)
}

// azureVaultPolicy reads a backup policy: copies are kept as long as the longest
// of its retentions.
func (c *collection) azureVaultPolicy(r *terraform.Resource) {
	at := r.Body.Get("recovery_vault_name")
	vault, reason := azure.Of(c.x).One(at, "the vault", "azurerm_recovery_services_vault")
	s := c.vaultStore(r.Address, r, vault)
	if vault == nil {
		s.region, s.country = aws.NotKnown[string](reason, at.Pos), aws.NotKnown[string](reason, at.Pos)
		s.replicas, s.key = aws.NotKnown[[]string](reason, at.Pos), aws.UnknownKey(reason, at.Pos)
	}
	all := []aws.Answer[int]{aws.Default(0, r.Pos)}
	for _, u := range []struct {
		name string
		days int
	}{{"retention_daily", 1}, {"retention_weekly", 7}, {"retention_monthly", 31}, {"retention_yearly", 366}} {
		block := aws.Block(r.Body, u.name)
		if block.Kind == terraform.Unknown {
			all = append(all, aws.Unknown[int](block))
		} else if !block.Unset() {
			all = append(all, aws.Then(aws.Int(block, 0, "count"), func(n int) int { return n * u.days }))
		}
	}
	s.retention = azure.Longest(all...)
}

func (c *collection) vaultStore(id string, r, vault *terraform.Resource) *store {
	if vault == nil {
		return c.fromAzure(id, "backup", "recovery_services_vault", r, aws.NotKnown[string]("the vault is managed elsewhere", r.Pos)).
			withSources().always("SSE", aws.UnknownKey("the vault is managed elsewhere", r.Pos))
	}
	s := c.fromAzure(id, "backup", "recovery_services_vault", r, azure.Region(vault)).withSources()
	by := aws.Block(vault.Body, "encryption")
	if by.Kind == terraform.Unknown {
		s.always("SSE", aws.UnknownKey(by.Reason, by.Pos))
	} else {
		s.always("SSE", azure.Of(c.x).Key(by.Get("key_id"), azure.Never(vault.Pos), azure.PlatformKey(s.region, vault.Pos)))
	}
	geo := aws.Then(aws.Text(vault.Body, "GeoRedundant", "storage_mode_type"), func(t string) bool { return t == "GeoRedundant" })
	s.replicas = azure.Copies(geo, s.region)
	return s
}

// withSources says that what is backed up is not part of the fact.
func (s *store) withSources() *store {
	s.of = aws.NotKnown[[]string]("what the policy is given to is not read", s.at)
	return s
}

// protected are the kinds of policies of a backup vault.
var protected = []string{"disk", "blob_storage", "data_lake_storage", "kubernetes_cluster", "mysql_flexible_server", "postgresql_flexible_server", "postgresql"}

// azureProtectionVault reads a backup vault that no policy of the root writes to.
func (c *collection) azureProtectionVault(r *terraform.Resource) {
	for _, kind := range protected {
		if len(c.x.Attached(r, "azurerm_data_protection_backup_policy_"+kind, "vault_id")) > 0 {
			return
		}
	}
	s := c.protectionStore(r, r, "")
	s.retention = aws.NotKnown[int]("no policy of the root module writes to the vault", r.Pos)
}

// azureProtectionPolicy reads the longest retention a policy of a backup vault
// names.
func (c *collection) azureProtectionPolicy(r *terraform.Resource) {
	at := azure.First(r.Body, "vault_id", "vault_name")
	vault, reason := azure.Of(c.x).One(at, "the vault", "azurerm_data_protection_backup_vault")
	s := c.protectionStore(r, vault, reason)
	s.retention = protectionDays(r)
}

func (c *collection) protectionStore(r, vault *terraform.Resource, reason string) *store {
	if vault == nil {
		s := c.fromAzure(r.Address, "backup", "backup_vault", r, aws.NotKnown[string](reason, r.Pos)).withSources()
		s.replicas = aws.NotKnown[[]string](reason, r.Pos)
		return s.always("SSE", aws.UnknownKey(reason, r.Pos))
	}
	s := c.fromAzure(r.Address, "backup", "backup_vault", r, azure.Region(vault)).withSources()
	key := azure.PlatformKey(s.region, vault.Pos)
	own, why := aws.Only(c.x.Attached(vault, "azurerm_data_protection_backup_vault_customer_managed_key", "data_protection_backup_vault_id"))
	if why != "" {
		key = aws.UnknownKey(why, vault.Pos)
	} else if own != nil {
		key = azure.Of(c.x).Key(own.Body.Get("key_vault_key_id"), azure.Never(own.Pos), key)
	}
	s.always("SSE", key)
	redundancy := aws.Text(vault.Body, "", "redundancy")
	if redundancy.Default {
		redundancy = aws.NotKnown[string]("redundancy is not written", vault.Pos)
	}
	s.replicas = azure.Copies(aws.Then(redundancy, func(t string) bool { return t == "GeoRedundant" }), s.region)
	return s
}

// protectionDays reads every duration that a policy gives to what it keeps.
func protectionDays(r *terraform.Resource) aws.Answer[int] {
	all := []aws.Answer[int]{}
	take := func(block *terraform.Value, name string) {
		if v := block.Get(name); !v.Unset() {
			all = append(all, azure.Days(aws.Text(block, "", name)))
		}
	}
	for _, name := range []string{"default_retention_duration", "operational_default_retention_duration", "vault_default_retention_duration", "retention_duration"} {
		take(r.Body, name)
	}
	for _, name := range []string{"retention_rule", "default_retention_rule"} {
		rules, reason := aws.Blocks(r.Body, name)
		if reason != "" {
			return aws.NotKnown[int](reason, r.Pos)
		}
		for _, rule := range rules {
			take(rule, "duration")
			cycles, reason := aws.Blocks(rule, "life_cycle")
			if reason != "" {
				return aws.NotKnown[int](reason, rule.Pos)
			}
			for _, cycle := range cycles {
				take(cycle, "duration")
			}
		}
	}
	if len(all) == 0 {
		return aws.NotKnown[int]("no retention is written", r.Pos)
	}
	return azure.Longest(all...)
}
