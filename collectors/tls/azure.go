package tls

import (
	"strconv"

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
