package tls

import (
	"strconv"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// azureReaders reads the listeners and databases of each resource type of Azure.
var azureReaders = map[string]func(*collection, *terraform.Resource){
	"azurerm_storage_account":               (*collection).azureAccount,
	"azurerm_linux_web_app":                 (*collection).azureApp,
	"azurerm_windows_web_app":               (*collection).azureApp,
	"azurerm_linux_web_app_slot":            (*collection).azureApp,
	"azurerm_windows_web_app_slot":          (*collection).azureApp,
	"azurerm_linux_function_app":            (*collection).azureApp,
	"azurerm_windows_function_app":          (*collection).azureApp,
	"azurerm_linux_function_app_slot":       (*collection).azureApp,
	"azurerm_windows_function_app_slot":     (*collection).azureApp,
	"azurerm_function_app_flex_consumption": (*collection).azureApp,
	"azurerm_logic_app_standard":            (*collection).azureApp,
	"azurerm_app_service":                   (*collection).azureApp,
	"azurerm_function_app":                  (*collection).azureApp,
	"azurerm_mssql_server":                  (*collection).azureSQLServer,
	"azurerm_mssql_managed_instance":        (*collection).azureSQLInstance,
	"azurerm_postgresql_flexible_server":    (*collection).azureFlexible,
	"azurerm_mysql_flexible_server":         (*collection).azureFlexible,
	"azurerm_postgresql_server":             (*collection).azureSingle,
	"azurerm_mysql_server":                  (*collection).azureSingle,
	"azurerm_mariadb_server":                (*collection).azureSingle,
	"azurerm_cosmosdb_account":              (*collection).azureCosmos,
	"azurerm_redis_cache":                   (*collection).azureRedis,
	"azurerm_managed_redis":                 (*collection).azureManagedRedis,
	"azurerm_redis_enterprise_database":     (*collection).azureManagedRedis,
	"azurerm_eventhub_namespace":            (*collection).azureNamespace,
	"azurerm_servicebus_namespace":          (*collection).azureNamespace,
	"azurerm_application_gateway":           (*collection).azureGateway,
	"azurerm_cdn_frontdoor_custom_domain":   (*collection).frontDoorDomain,
	"azurerm_cdn_frontdoor_route":           (*collection).frontDoorRoute,
	"azurerm_cdn_endpoint":                  (*collection).cdnEndpoint,
	"azurerm_container_app":                 (*collection).azureContainerApp,
	"azurerm_search_service":                (*collection).azureSearch,
}

// azureUnmodelled are the types of Azure that accept connections and are not read.
var azureUnmodelled = []string{
	"azurerm_api_management", "azurerm_app_configuration", "azurerm_app_service_environment_v3", "azurerm_app_service_slot",
	"azurerm_application_load_balancer_frontend", "azurerm_cdn_endpoint_custom_domain", "azurerm_cognitive_account", "azurerm_container_group",
	"azurerm_container_registry", "azurerm_cosmosdb_cassandra_cluster", "azurerm_cosmosdb_postgresql_cluster", "azurerm_databricks_workspace",
	"azurerm_eventgrid_domain", "azurerm_eventgrid_namespace", "azurerm_eventgrid_topic", "azurerm_frontdoor",
	"azurerm_frontdoor_custom_https_configuration", "azurerm_function_app_slot", "azurerm_hdinsight_hadoop_cluster",
	"azurerm_hdinsight_hbase_cluster", "azurerm_hdinsight_interactive_query_cluster", "azurerm_hdinsight_kafka_cluster",
	"azurerm_hdinsight_spark_cluster", "azurerm_iothub", "azurerm_key_vault", "azurerm_kusto_cluster", "azurerm_mongo_cluster",
	"azurerm_nginx_deployment", "azurerm_oracle_autonomous_database", "azurerm_redhat_openshift_cluster", "azurerm_signalr_service",
	"azurerm_spring_cloud_app", "azurerm_sql_server", "azurerm_static_web_app", "azurerm_synapse_workspace", "azurerm_web_pubsub",
}

// azureVersions are the values of arguments for the oldest version; Disabled and
// TLSEnforcementDisabled set no floor.
var azureVersions = map[string]string{
	"1.0": "tls1.0", "1.1": "tls1.1", "1.2": "tls1.2", "1.3": "tls1.3", "TLS1_0": "tls1.0", "TLS1_1": "tls1.1", "TLS1_2": "tls1.2",
	"TLS1_3": "tls1.3", "Tls": "tls1.0", "Tls11": "tls1.1", "Tls12": "tls1.2", "TLS10": "tls1.0", "TLS12": "tls1.2", "TLS13": "tls1.3",
	"Disabled": "tls1.0", "TLSEnforcementDisabled": "tls1.0", "None": "tls1.0",
}

// azureFloor sets the versions from the oldest that an argument admits to the
// newest of the service. Versions above 1.2 are listed only where the provider's
// own values name them.
func (s *config) azureFloor(oldest aws.Answer[string], newest string) {
	if !oldest.Known() {
		s.protocols = aws.NotKnown[[]string](oldest.Reason, oldest.Pos)
		return
	}
	first, ok := azureVersions[oldest.Value]
	if !ok {
		s.protocols = aws.NotKnown[[]string]("version "+oldest.Value+" is not in the table", oldest.Pos)
		return
	}
	s.protocols = aws.Answer[[]string]{Value: from(first, max(first, newest)), Default: oldest.Default, Pos: oldest.Pos}
}

// turned is an argument's value, not known where it is not written and the default
// differs between versions of the provider.
func turned(block *terraform.Value, at fact.Position, name string) aws.Answer[string] {
	v := aws.Text(block, "", name)
	if v.Default {
		return aws.NotKnown[string](name+": "+azure.Turned, at)
	}
	return v
}

// azureScope is internet for what has a public endpoint.
func azureScope(public aws.Answer[bool]) aws.Answer[string] { return scopeOf(aws.Not(public)) }

// azureAccount reads how a storage account is reached: over HTTP as well only
// where https_traffic_only_enabled is off.
func (c *collection) azureAccount(r *terraform.Resource) {
	s := c.server(r.Address, "storage_account", "storage", r)
	s.store = []string{c.x.Reference(r.Address)}
	s.port = aws.Default(443, r.Pos)
	s.scope = azureScope(aws.Bool(r.Body, true, "public_network_access_enabled"))
	s.azureFloor(aws.Text(r.Body, "TLS1_2", "min_tls_version"), "tls1.2")
	s.require(aws.Bool(r.Body, true, azure.Written(r.Body, "https_traffic_only_enabled", "enable_https_traffic_only")), "optional")
}

// azureApp reads an app of App Service. Without https_only it also answers
// without TLS; with it, it redirects.
func (c *collection) azureApp(r *terraform.Resource) {
	site := aws.Block(r.Body, "site_config")
	oldest := aws.Text(site, "1.2", azure.Written(site, "minimum_tls_version", "min_tls_version"))
	if site.Kind == terraform.Unknown {
		oldest = aws.Unknown[string](site)
	} else if site.Unset() {
		oldest.Pos = r.Pos
	}
	public := aws.Bool(r.Body, true, "public_network_access_enabled")
	if v := r.Body.Get("public_network_access"); !v.Unset() {
		public = azure.Enabled(r.Body, true, "public_network_access")
	}
	s := c.server(r.Address, "app_service", "web", r)
	s.port, s.scope = aws.Default(443, r.Pos), azureScope(public)
	s.azureFloor(oldest, "tls1.3")
	s.hsts = aws.NotKnown[int]("the app may add the header", r.Pos)
	s.verify = azureClients(r)
	plain := c.server(r.Address+"/http", "app_service", "web", r)
	plain.port, plain.scope = aws.Default(80, r.Pos), s.scope
	only := aws.Bool(r.Body, false, "https_only")
	plain.azurePlain(only)
}

// azureClients reads whether an app demands certificates of its clients, whose
// chain it then does not check.
func azureClients(r *terraform.Resource) aws.Answer[string] {
	on := aws.Bool(r.Body, false, azure.Written(r.Body, "client_certificate_enabled", "client_cert_enabled"))
	return aws.Then(on, func(bool) string { return "none" })
}

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
	public := aws.And(aws.Bool(r.Body, true, "public_network_access_enabled"), aws.Answer[bool]{Value: r.Body.Get("subnet_id").Unset(), Default: true, Pos: r.Pos})
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

// azureNamespace reads namespaces of Event Hubs and Service Bus, which speak only
// TLS. The default of the oldest version is 1.2 in every version of the provider
// that was compared.
func (c *collection) azureNamespace(r *terraform.Resource) {
	product := "event_hubs"
	if r.Type == "azurerm_servicebus_namespace" {
		product = "service_bus"
	}
	s := c.server(r.Address, product, "broker", r)
	s.store = []string{c.x.Reference(r.Address)}
	s.port = aws.Default(5671, r.Pos)
	s.scope = azureScope(aws.Bool(r.Body, true, "public_network_access_enabled"))
	s.azureFloor(aws.Text(r.Body, "1.2", "minimum_tls_version"), "tls1.2")
}

func (c *collection) azureSearch(r *terraform.Resource) {
	s := c.server(r.Address, "ai_search", "search", r)
	s.store = []string{c.x.Reference(r.Address)}
	s.port = aws.Default(443, r.Pos)
	s.scope = azureScope(aws.Bool(r.Body, true, "public_network_access_enabled"))
	s.hsts = aws.NotKnown[int](notPublished, r.Pos)
}

// blockLabel names a block by its name, else by its number.
func blockLabel(block *terraform.Value, i int) string {
	if name := aws.Text(block, "", "name"); name.Known() && name.Value != "" {
		return name.Value
	}
	return strconv.Itoa(i)
}
