package storage

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

func azureNever(at fact.Position) aws.Answer[int] { return aws.Default(fact.Unbounded, at) }

func azureNoRotation(by aws.Answer[bool]) aws.Answer[int] {
	return aws.Answer[int]{Value: fact.Unbounded, Default: by.Default, Pos: by.Pos}
}

// azureSQLDatabase reads azurerm_mssql_database: encrypted unless it says
// otherwise, with the key of the database, else of its server. How long backups
// are kept the service decides where the block is not written.
func (c *collection) azureSQLDatabase(r *terraform.Resource) {
	az := azure.Of(c.x)
	at := r.Body.Get("server_id")
	server, reason := az.One(at, "the server", "azurerm_mssql_server")
	region := aws.NotKnown[string](reason, azureAt(at.Pos, r.Pos))
	if server != nil {
		region = azure.Region(server)
	}
	s := c.fromAzure(r.Address, "database", "sql_database", r, region)
	s.engine = aws.Default("sqlserver", r.Pos)
	on := aws.Bool(r.Body, true, "transparent_data_encryption_enabled")
	s.encrypt(on, "TDE", func() aws.Key { return c.azureSQLKey(r, server, region, reason) })
	if server != nil {
		s.public, s.publicBy = sqlFirewall(az, server).Public(aws.Bool(server.Body, true, "public_network_access_enabled"), server.Pos)
	} else {
		s.public, s.publicBy = aws.NotKnown[bool](reason, r.Pos), aws.NotKnown[[]string](reason, r.Pos)
	}
	s.replicas = c.secondaries(r, region)
	geo := aws.Then(aws.Text(r.Body, "Geo", "storage_account_type"), func(t string) bool { return strings.HasPrefix(t, "G") })
	c.azureBackups(s, sqlRetention(r), azure.Copies(geo, region), r)
}

func sqlFirewall(az azure.Index, server *terraform.Resource) azure.Firewall {
	return az.Firewall(server, "azurerm_mssql_firewall_rule", "start_ip_address", "end_ip_address", "server_id")
}

// azureSQLKey resolves the key of a database: its own, else its server's.
func (c *collection) azureSQLKey(r, server *terraform.Resource, region aws.Answer[string], reason string) aws.Key {
	az := azure.Of(c.x)
	own := r.Body.Get("transparent_data_encryption_key_vault_key_id")
	follows := aws.Bool(r.Body, false, "transparent_data_encryption_key_automatic_rotation_enabled")
	if !own.Unset() {
		return az.Key(own, follows, azure.PlatformKey(region, r.Pos))
	}
	if server == nil {
		return aws.UnknownKey(reason, r.Pos)
	}
	protector, why := aws.Only(c.x.Attached(server, "azurerm_mssql_server_transparent_data_encryption", "server_id"))
	if why != "" {
		return aws.UnknownKey(why, server.Pos)
	}
	if protector != nil {
		v := azure.First(protector.Body, "key_vault_key_id", "managed_hsm_key_id")
		return az.Key(v, aws.Bool(protector.Body, false, "auto_rotation_enabled"), azure.PlatformKey(region, protector.Pos))
	}
	return az.Key(server.Body.Get("transparent_data_encryption_key_vault_key_id"), azure.Never(server.Pos), azure.PlatformKey(region, server.Pos))
}

// sqlRetention is the longest that a backup of a database is kept.
func sqlRetention(r *terraform.Resource) aws.Answer[int] {
	short := aws.Block(r.Body, "short_term_retention_policy")
	days := aws.NotKnown[int](azure.Undocumented, r.Pos)
	if short.Kind == terraform.Unknown {
		days = aws.Unknown[int](short)
	} else if !short.Unset() {
		days = aws.Int(short, 7, "retention_days")
	}
	long := aws.Block(r.Body, "long_term_retention_policy")
	if long.Kind == terraform.Unknown {
		return aws.Unknown[int](long)
	}
	if long.Unset() {
		return days
	}
	all := []aws.Answer[int]{}
	for _, name := range []string{"weekly_retention", "monthly_retention", "yearly_retention"} {
		all = append(all, azure.Days(aws.Text(long, "PT0S", name)))
	}
	// No short term is longer than 35 days.
	longest := azure.Longest(all...)
	if longest.Known() && longest.Value > 35 {
		return longest
	}
	return azure.Longest(longest, days)
}

// secondaries gives where databases stand that are made as copies of this one,
// and the partners of failover groups of its server.
func (c *collection) secondaries(r *terraform.Resource, region aws.Answer[string]) aws.Answer[[]string] {
	az := azure.Of(c.x)
	out := aws.Default([]string{}, r.Pos)
	add := func(server *terraform.Resource, reason string, at fact.Position) {
		if server == nil {
			out = aws.NotKnown[[]string](reason, at)
			return
		}
		country := azure.Country(azure.Region(server))
		out = aws.Union(out, aws.Then(country, func(s string) []string { return []string{s} }))
	}
	for _, l := range c.x.Attached(r, "azurerm_mssql_database", "creation_source_database_id") {
		mode := aws.Text(l.Body, "Default", "create_mode")
		switch {
		case l.Reason != "" || !mode.Known():
			return aws.NotKnown[[]string](l.Reason+mode.Reason, l.Pos)
		case mode.Value == "Secondary" || mode.Value == "OnlineSecondary":
			server, reason := az.One(l.Body.Get("server_id"), "the server of "+l.Address, "azurerm_mssql_server")
			add(server, reason, l.Pos)
		}
	}
	for _, g := range c.x.OfType("azurerm_mssql_failover_group") {
		of := g.Body.Get("databases")
		list := []*terraform.Value{of}
		if of.Kind == terraform.List {
			list = of.Elems
		}
		for _, v := range list {
			sure, reason := c.x.Names(v, r)
			if sure == aws.Maybe {
				return aws.NotKnown[[]string](reason, g.Pos)
			}
			if sure == aws.Yes {
				partners, reason := aws.Blocks(g.Body, "partner_server")
				if reason != "" {
					return aws.NotKnown[[]string](reason, g.Pos)
				}
				for _, p := range partners {
					server, reason := az.One(p.Get("id"), "the partner of "+g.Address, "azurerm_mssql_server")
					add(server, reason, g.Pos)
				}
			}
		}
	}
	return out
}

// azureSQLInstance reads azurerm_mssql_managed_instance, which is always
// encrypted.
func (c *collection) azureSQLInstance(r *terraform.Resource) {
	az := azure.Of(c.x)
	s := c.fromAzure(r.Address, "database", "sql_managed_instance", r, azure.Region(r))
	s.engine = aws.Default("sqlserver", r.Pos)
	key := azure.PlatformKey(s.region, r.Pos)
	protector, reason := aws.Only(c.x.Attached(r, "azurerm_mssql_managed_instance_transparent_data_encryption", "managed_instance_id"))
	switch {
	case reason != "":
		key = aws.UnknownKey(reason, r.Pos)
	case protector != nil:
		v := azure.First(protector.Body, "key_vault_key_id", "managed_hsm_key_id")
		key = az.Key(v, aws.Bool(protector.Body, false, "auto_rotation_enabled"), key)
	}
	s.always("TDE", key)
	s.public = aws.Bool(r.Body, false, "public_data_endpoint_enabled")
	s.publicBy = aws.Then(s.public, func(on bool) []string {
		if on {
			return []string{"public_data_endpoint_enabled"}
		}
		return []string{}
	})
	geo := aws.Then(aws.Text(r.Body, "GRS", "storage_account_type"), func(t string) bool { return t == "GRS" || t == "GZRS" })
	days := aws.NotKnown[int]("the retention is each database's, of which the provider documents no default", r.Pos)
	c.azureBackups(s, days, azure.Copies(geo, s.region), r)
}

// azureFlexible reads flexible servers of PostgreSQL and MySQL, always encrypted.
// Of MySQL backups are kept 7 days by default; of PostgreSQL the provider
// documents no default.
func (c *collection) azureFlexible(r *terraform.Resource) {
	az := azure.Of(c.x)
	mysql := r.Type == "azurerm_mysql_flexible_server"
	product, engine, rule := "postgresql_flexible_server", "postgres", "azurerm_postgresql_flexible_server_firewall_rule"
	days := aws.Int(r.Body, 0, "backup_retention_days")
	if days.Default {
		days = aws.NotKnown[int](azure.Undocumented, r.Pos)
	}
	if mysql {
		product, engine, rule = "mysql_flexible_server", "mysql", "azurerm_mysql_flexible_server_firewall_rule"
		days = aws.Int(r.Body, 7, "backup_retention_days")
	}
	s := c.fromAzure(r.Address, "database", product, r, azure.Region(r))
	s.engine, s.version = aws.Default(engine, r.Pos), aws.Text(r.Body, "", "version")
	by := aws.Block(r.Body, "customer_managed_key")
	if by.Kind == terraform.Unknown {
		s.always("AES256", aws.UnknownKey(by.Reason, by.Pos))
	} else {
		s.always("AES256", az.Key(azure.First(by, "key_vault_key_id", "managed_hsm_key_id"), azure.Never(r.Pos), azure.PlatformKey(s.region, r.Pos)))
	}
	firewall := az.Firewall(r, rule, "start_ip_address", "end_ip_address", "server_id", "server_name")
	s.public, s.publicBy = firewall.Public(azure.FlexiblePublic(r), r.Pos)
	s.replicas = c.azureReplicas(r, "source_server_id")
	c.azureBackups(s, days, azure.Copies(aws.Bool(r.Body, false, "geo_redundant_backup_enabled"), s.region), r)
}

// azureReplicas gives where the read replicas of a server stand.
func (c *collection) azureReplicas(r *terraform.Resource, arguments ...string) aws.Answer[[]string] {
	out := aws.Default([]string{}, r.Pos)
	for _, argument := range arguments {
		for _, l := range c.x.Attached(r, r.Type, argument) {
			mode := aws.Text(l.Body, "Default", "create_mode")
			switch {
			case l.Reason != "" || !mode.Known():
				return aws.NotKnown[[]string](l.Reason+mode.Reason, l.Pos)
			case mode.Value == "Replica":
				country := azure.Country(azure.Region(l.Resource))
				out = aws.Union(out, aws.Then(country, func(s string) []string { return []string{s} }))
			}
		}
	}
	return out
}

// azureSingle reads single servers of PostgreSQL, MySQL and MariaDB, as before
// version 5 of the provider: always encrypted. The provider documents no default
// of the days and the copies of backups.
func (c *collection) azureSingle(r *terraform.Resource) {
	az := azure.Of(c.x)
	product := strings.TrimPrefix(r.Type, "azurerm_")
	engine := map[string]string{"postgresql_server": "postgres", "mysql_server": "mysql", "mariadb_server": "mariadb"}[product]
	s := c.fromAzure(r.Address, "database", product, r, azure.Region(r))
	s.engine, s.version = aws.Default(engine, r.Pos), aws.Text(r.Body, "", "version")
	key := azure.PlatformKey(s.region, r.Pos)
	if own, reason := aws.Only(c.x.Attached(r, r.Type+"_key", "server_id")); reason != "" {
		key = aws.UnknownKey(reason, r.Pos)
	} else if own != nil {
		key = az.Key(own.Body.Get("key_vault_key_id"), azure.Never(own.Pos), key)
	}
	s.always("AES256", key)
	prefix := strings.TrimSuffix(r.Type, "_server")
	firewall := az.Firewall(r, prefix+"_firewall_rule", "start_ip_address", "end_ip_address", "server_name")
	s.public, s.publicBy = firewall.Public(aws.Bool(r.Body, true, "public_network_access_enabled"), r.Pos)
	s.replicas = c.azureReplicas(r, "creation_source_server_id")
	days, geo := aws.Int(r.Body, 0, "backup_retention_days"), aws.Bool(r.Body, false, "geo_redundant_backup_enabled")
	if days.Default {
		days = aws.NotKnown[int](azure.Undocumented, r.Pos)
	}
	if geo.Default {
		geo = aws.NotKnown[bool]("geo_redundant_backup_enabled: "+azure.Undocumented, r.Pos)
	}
	c.azureBackups(s, days, azure.Copies(geo, s.region), r)
}
