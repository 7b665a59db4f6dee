package tls

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// sqlStores are the databases of a server.
func (c *collection) sqlStores(r *terraform.Resource) []string {
	var out []string
	for _, l := range c.x.Attached(r, "azurerm_mssql_database", "server_id") {
		if l.Reason == "" {
			out = append(out, c.x.Reference(l.Address))
		}
	}
	return out
}

// azureSQLServer reads a server of Azure SQL, which serves no connection without
// TLS; minimum_tls_version Disabled sets no floor.
func (c *collection) azureSQLServer(r *terraform.Resource) {
	s := c.server(r.Address, "sql_database", "database", r)
	s.store = c.sqlStores(r)
	s.port = aws.Default(1433, r.Pos)
	s.scope = azureScope(aws.Bool(r.Body, true, "public_network_access_enabled"))
	s.azureFloor(aws.Text(r.Body, "1.2", "minimum_tls_version"), "tls1.2")
	if v := r.Body.Get("minimum_tls_version"); v.Text == "Disabled" {
		const reason = "with no floor, whether connections without TLS are served is not in the table"
		s.tls, s.plaintext = aws.NotKnown[string](reason, v.Pos), aws.NotKnown[bool](reason, v.Pos)
	}
}

func (c *collection) azureSQLInstance(r *terraform.Resource) {
	s := c.database(r, "sql_managed_instance")
	s.port = aws.Default(1433, r.Pos)
	s.scope = azureScope(aws.Bool(r.Body, false, "public_data_endpoint_enabled"))
	s.azureFloor(aws.Text(r.Body, "1.2", "minimum_tls_version"), "tls1.2")
	// Whether an instance refuses what is not encrypted hangs on its setting
	// ForceEncryption, which the provider does not have.
	const reason = "whether connections without TLS are refused is not in the table"
	s.tls, s.plaintext = aws.NotKnown[string](reason, r.Pos), aws.NotKnown[bool](reason, r.Pos)
}

// azureFlexible reads flexible servers, which demand TLS 1.2 or above unless their
// parameters say otherwise. Sources: Microsoft, "Connect to Azure Database for
// MySQL – Flexible Server with encrypted connections", and the page of that name
// for PostgreSQL.
func (c *collection) azureFlexible(r *terraform.Resource) {
	product, port, parameter := "postgresql_flexible_server", 5432, "ssl_min_protocol_version"
	if r.Type == "azurerm_mysql_flexible_server" {
		product, port, parameter = "mysql_flexible_server", 3306, "tls_version"
	}
	s := c.database(r, product)
	s.port = aws.Default(port, r.Pos)
	s.scope = azureScope(azure.FlexiblePublic(r))
	demand := c.azureParameter(r, "require_secure_transport", "ON")
	s.require(aws.Then(demand, func(t string) bool { return !strings.EqualFold(t, "OFF") && t != "0" }), "optional")
	versions := c.azureParameter(r, parameter, "TLSv1.2")
	switch {
	case !versions.Known():
		s.protocols = aws.NotKnown[[]string](versions.Reason, versions.Pos)
	case parameter == "ssl_min_protocol_version":
		s.protocols = aws.Answer[[]string]{Value: from(serverVersion(versions.Value), "tls1.3"), Default: versions.Default, Pos: versions.Pos}
	default:
		list := []string{}
		for _, name := range strings.Split(versions.Value, ",") {
			list = append(list, serverVersion(name))
		}
		s.protocols = aws.Answer[[]string]{Value: sortedVersions(list), Default: versions.Default, Pos: versions.Pos}
	}
	for _, v := range s.protocols.Value {
		if v == "" {
			s.protocols = aws.NotKnown[[]string]("version "+versions.Value+" is not in the table", versions.Pos)
			break
		}
	}
	if serverVersion(versions.Value) == "" && parameter == "ssl_min_protocol_version" && versions.Known() {
		s.protocols = aws.NotKnown[[]string]("version "+versions.Value+" is not in the table", versions.Pos)
	}
}

// serverVersion names a version as the engines write it: TLSv1.2, TLSV1.
func serverVersion(text string) string {
	return map[string]string{"TLSV1": "tls1.0", "TLSV1.0": "tls1.0", "TLSV1.1": "tls1.1", "TLSV1.2": "tls1.2", "TLSV1.3": "tls1.3"}[strings.ToUpper(strings.TrimSpace(text))]
}

// sortedVersions puts versions in the order of their age.
func sortedVersions(list []string) []string {
	out := []string{}
	for _, v := range append([]string{""}, versions...) {
		for _, one := range list {
			if one == v {
				out = append(out, v)
				break
			}
		}
	}
	return out
}

// azureParameter reads a parameter of a flexible server, which is a resource of
// its own.
func (c *collection) azureParameter(r *terraform.Resource, name, absent string) aws.Answer[string] {
	out := aws.Default(absent, r.Pos)
	for _, argument := range []string{"server_id", "server_name"} {
		for _, l := range c.x.Attached(r, r.Type+"_configuration", argument) {
			own := aws.Text(l.Body, "", "name")
			switch {
			case own.Known() && !strings.EqualFold(own.Value, name):
			case !own.Known() || l.Reason != "":
				return aws.NotKnown[string](own.Reason+l.Reason, l.Pos)
			default:
				out = aws.Text(l.Body, "", "value")
			}
		}
	}
	return out
}

// azureSingle reads single servers, as before version 5 of the provider.
func (c *collection) azureSingle(r *terraform.Resource) {
	port := 3306
	if r.Type == "azurerm_postgresql_server" {
		port = 5432
	}
	s := c.database(r, strings.TrimPrefix(r.Type, "azurerm_"))
	s.port = aws.Default(port, r.Pos)
	s.scope = azureScope(aws.Bool(r.Body, true, "public_network_access_enabled"))
	s.azureFloor(aws.Text(r.Body, "TLS1_2", "ssl_minimal_tls_version_enforced"), "tls1.2")
	demand := aws.Bool(r.Body, true, "ssl_enforcement_enabled")
	if demand.Default {
		demand = aws.NotKnown[bool]("ssl_enforcement_enabled is not written", r.Pos)
	}
	s.require(demand, "optional")
}

func (c *collection) azureCosmos(r *terraform.Resource) {
	s := c.database(r, "cosmosdb")
	s.port = aws.Default(443, r.Pos)
	s.scope = azureScope(aws.Bool(r.Body, true, "public_network_access_enabled"))
	// Since version 4 of the provider 1.2 is the default, which version 3
	// documents as well.
	s.azureFloor(aws.Text(r.Body, "Tls12", "minimal_tls_version"), "tls1.2")
}

// azureRedis reads a cache: 6380 with TLS, and without on 6379 where that is
// switched on. The provider's default of the oldest version was 1.0 up to
// version 4 and is 1.2 from version 5.
func (c *collection) azureRedis(r *terraform.Resource) {
	s := c.cacheServer(r, "redis", 6380)
	s.port = aws.Default(6380, r.Pos)
	public := aws.And(aws.Bool(r.Body, true, "public_network_access_enabled"), aws.Answer[bool]{Value: azure.First(r.Body, "subnet_id").Unset(), Default: true, Pos: r.Pos})
	s.scope = azureScope(public)
	s.azureFloor(turned(r.Body, r.Pos, "minimum_tls_version"), "tls1.2")
	plain := aws.Bool(r.Body, false, azure.Written(r.Body, "non_ssl_port_enabled", "enable_non_ssl_port"))
	if plain.Known() && !plain.Value {
		return
	}
	o := c.cacheServer(r, "redis", 6379)
	o.id, o.port, o.scope = r.Address+"/plain", aws.Default(6379, r.Pos), s.scope
	if plain.Known() {
		o.off(aws.Answer[bool]{Default: plain.Default, Pos: plain.Pos})
		return
	}
	o.tls, o.plaintext = aws.NotKnown[string](plain.Reason, plain.Pos), aws.NotKnown[bool](plain.Reason, plain.Pos)
}

// azureManagedRedis reads the enterprise tiers: encrypted unless a database says
// Plaintext.
func (c *collection) azureManagedRedis(r *terraform.Resource) {
	at := r.Body
	if r.Type == "azurerm_managed_redis" {
		at = aws.Block(r.Body, "default_database")
	}
	s := c.cacheServer(r, "managed_redis", 10000)
	s.scope = aws.NotKnown[string]("the endpoint is the cluster's", r.Pos)
	if r.Type == "azurerm_managed_redis" {
		s.scope = azureScope(azure.Enabled(r.Body, true, "public_network_access"))
	} else {
		s.store = nil
	}
	kind := aws.Text(at, "Encrypted", "client_protocol")
	if at.Kind == terraform.Unknown {
		kind = aws.Unknown[string](at)
	} else if at.Unset() {
		kind.Pos = r.Pos
	}
	s.require(aws.Then(kind, func(t string) bool { return !strings.EqualFold(t, "Plaintext") }), "off")
}
