package storage

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// azureReaders reads the stores of each resource type of Azure.
var azureReaders = map[string]func(*collection, *terraform.Resource){
	"azurerm_storage_account":                   (*collection).azureAccount,
	"azurerm_storage_container":                 (*collection).azurePart,
	"azurerm_storage_data_lake_gen2_filesystem": (*collection).azurePart,
	"azurerm_storage_share":                     (*collection).azurePart,
	"azurerm_storage_queue":                     (*collection).azurePart,
	"azurerm_storage_table":                     (*collection).azurePart,
	"azurerm_managed_disk":                      (*collection).azureDisk,
	"azurerm_linux_virtual_machine":             (*collection).azureMachine,
	"azurerm_windows_virtual_machine":           (*collection).azureMachine,
	"azurerm_virtual_machine":                   (*collection).azureOldMachine,
	"azurerm_linux_virtual_machine_scale_set":   (*collection).azureMachine,
	"azurerm_windows_virtual_machine_scale_set": (*collection).azureMachine,
	"azurerm_mssql_database":                    (*collection).azureSQLDatabase,
	"azurerm_mssql_managed_instance":            (*collection).azureSQLInstance,
	"azurerm_postgresql_flexible_server":        (*collection).azureFlexible,
	"azurerm_mysql_flexible_server":             (*collection).azureFlexible,
	"azurerm_postgresql_server":                 (*collection).azureSingle,
	"azurerm_mysql_server":                      (*collection).azureSingle,
	"azurerm_mariadb_server":                    (*collection).azureSingle,
	"azurerm_cosmosdb_account":                  (*collection).azureCosmos,
	"azurerm_redis_cache":                       (*collection).azureRedis,
	"azurerm_redis_enterprise_cluster":          (*collection).azureManagedRedis,
	"azurerm_managed_redis":                     (*collection).azureManagedRedis,
	"azurerm_eventhub_namespace":                (*collection).azureNamespace,
	"azurerm_servicebus_namespace":              (*collection).azureNamespace,
	"azurerm_search_service":                    (*collection).azureSearch,
}

// azureCopies reads what is made from other stores, after those.
var azureCopies = map[string]func(*collection, *terraform.Resource){
	"azurerm_snapshot":                                                 (*collection).azureSnapshot,
	"azurerm_recovery_services_vault":                                  (*collection).azureVault,
	"azurerm_backup_policy_vm":                                         (*collection).azureVaultPolicy,
	"azurerm_backup_policy_file_share":                                 (*collection).azureVaultPolicy,
	"azurerm_data_protection_backup_vault":                             (*collection).azureProtectionVault,
	"azurerm_data_protection_backup_policy_disk":                       (*collection).azureProtectionPolicy,
	"azurerm_data_protection_backup_policy_blob_storage":               (*collection).azureProtectionPolicy,
	"azurerm_data_protection_backup_policy_data_lake_storage":          (*collection).azureProtectionPolicy,
	"azurerm_data_protection_backup_policy_kubernetes_cluster":         (*collection).azureProtectionPolicy,
	"azurerm_data_protection_backup_policy_mysql_flexible_server":      (*collection).azureProtectionPolicy,
	"azurerm_data_protection_backup_policy_postgresql_flexible_server": (*collection).azureProtectionPolicy,
	"azurerm_data_protection_backup_policy_postgresql":                 (*collection).azureProtectionPolicy,
}

// azureUnmodelled are the types that keep data and are not read.
var azureUnmodelled = []string{
	"azurerm_app_configuration", "azurerm_backup_policy_vm_workload", "azurerm_confidential_ledger", "azurerm_container_registry",
	"azurerm_cosmosdb_cassandra_cluster", "azurerm_cosmosdb_postgresql_cluster", "azurerm_dashboard_grafana", "azurerm_databox_edge_device",
	"azurerm_databricks_workspace", "azurerm_data_lake_store", "azurerm_dev_test_linux_virtual_machine", "azurerm_dev_test_windows_virtual_machine",
	"azurerm_digital_twins_instance", "azurerm_elastic_cloud_elasticsearch", "azurerm_elastic_san_volume", "azurerm_fluid_relay_server",
	"azurerm_hdinsight_hadoop_cluster", "azurerm_hdinsight_hbase_cluster", "azurerm_hdinsight_interactive_query_cluster",
	"azurerm_hdinsight_kafka_cluster", "azurerm_hdinsight_spark_cluster", "azurerm_healthcare_dicom_service", "azurerm_healthcare_fhir_service",
	"azurerm_healthcare_service", "azurerm_hpc_cache", "azurerm_image", "azurerm_iotcentral_application", "azurerm_iothub", "azurerm_kusto_cluster",
	"azurerm_machine_learning_workspace", "azurerm_managed_lustre_file_system", "azurerm_mongo_cluster", "azurerm_netapp_backup_policy",
	"azurerm_netapp_snapshot", "azurerm_netapp_volume", "azurerm_netapp_volume_group_oracle", "azurerm_netapp_volume_group_sap_hana",
	"azurerm_oracle_autonomous_database", "azurerm_oracle_cloud_vm_cluster", "azurerm_orchestrated_virtual_machine_scale_set",
	"azurerm_postgresql_flexible_server_backup", "azurerm_purview_account", "azurerm_qumulo_file_system", "azurerm_redhat_openshift_cluster",
	"azurerm_shared_image_version", "azurerm_sql_database", "azurerm_sql_managed_instance", "azurerm_sql_server", "azurerm_storage_sync",
	"azurerm_stack_hci_virtual_hard_disk", "azurerm_synapse_workspace", "azurerm_synapse_sql_pool", "azurerm_virtual_machine_scale_set",
}

// fromAzure starts a store of Azure that stands in a region.
func (c *collection) fromAzure(id, typ, product string, r *terraform.Resource, region aws.Answer[string]) *store {
	aws.Uncounted(c.b, r)
	s := c.plain(id, typ, product, r.Pos)
	s.provider, s.region, s.country = "azure", region, azure.Country(region)
	s.name = aws.Text(r.Body, "", "name")
	return s
}

// always sets the encryption of a store that Azure encrypts without being asked.
// It is a default unless the customer brings a key. Source: Microsoft, "Azure
// data encryption at rest".
func (s *store) always(method string, key aws.Key) *store {
	s.encrypted = aws.Answer[bool]{Value: true, Default: !key.Manager.Known() || key.Manager.Default, Pos: key.Manager.Pos}
	s.methods = aws.Answer[[]string]{Value: []string{method}, Default: s.encrypted.Default, Pos: s.encrypted.Pos}
	s.key = key
	return s
}

// azureBackups adds the automatic backups of a store as an item of their own,
// unless there are none.
func (c *collection) azureBackups(s *store, days aws.Answer[int], copies aws.Answer[[]string], r *terraform.Resource) {
	s.retention = days
	if days.Known() && days.Value == 0 {
		return
	}
	b := c.fromAzure(s.id+"/backups", "backup", s.product, r, s.region)
	b.engine, b.version, b.name = s.engine, s.version, s.name
	b.inherit(s)
	b.retention, b.replicas = days, copies
	b.of = aws.Declared([]string{c.x.Reference(s.id)}, s.at)
}
