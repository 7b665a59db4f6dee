package storage

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// googleReaders reads the stores of Google Cloud, by resource type.
var googleReaders = map[string]func(*collection, *terraform.Resource){
	"google_storage_bucket":                   (*collection).gcsBucket,
	"google_sql_database_instance":            (*collection).cloudSQL,
	"google_alloydb_cluster":                  (*collection).alloydb,
	"google_compute_disk":                     (*collection).gcpDisk,
	"google_compute_region_disk":              (*collection).gcpDisk,
	"google_compute_instance":                 (*collection).gcpInstance,
	"google_compute_instance_template":        (*collection).gcpTemplate,
	"google_compute_region_instance_template": (*collection).gcpTemplate,
	"google_bigquery_dataset":                 (*collection).bigquery,
	"google_spanner_database":                 (*collection).spanner,
	"google_firestore_database":               (*collection).firestore,
	"google_bigtable_instance":                (*collection).bigtable,
	"google_filestore_instance":               (*collection).filestore,
	"google_redis_instance":                   (*collection).gcpRedis,
	"google_redis_cluster":                    (*collection).gcpRedisCluster,
	"google_memorystore_instance":             (*collection).gcpRedisCluster,
	"google_memcache_instance":                (*collection).gcpMemcache,
	"google_pubsub_topic":                     (*collection).pubsub,
}

// googleCopies reads what is made from other stores, after those.
var googleCopies = map[string]func(*collection, *terraform.Resource){
	"google_compute_snapshot":          (*collection).gcpSnapshot,
	"google_compute_resource_policy":   (*collection).gcpSnapshotSchedule,
	"google_spanner_backup_schedule":   (*collection).spannerBackups,
	"google_firestore_backup_schedule": (*collection).firestoreBackups,
	"google_filestore_backup":          (*collection).filestoreBackup,
	"google_alloydb_backup":            (*collection).alloydbBackup,
}

// googleUnmodelled are the types that keep data and are not read.
var googleUnmodelled = []string{
	"google_artifact_registry_repository", "google_apigee_instance", "google_backup_dr_backup_plan", "google_backup_dr_backup_vault",
	"google_biglake_catalog", "google_biglake_iceberg_catalog", "google_chronicle_data_table", "google_cloud_tasks_queue", "google_composer_environment",
	"google_compute_image", "google_compute_instance_from_machine_image", "google_compute_instance_from_template",
	"google_compute_instant_snapshot", "google_compute_machine_image", "google_compute_region_instant_snapshot", "google_container_registry",
	"google_data_fusion_instance", "google_dataplex_lake", "google_dataproc_cluster", "google_dataproc_metastore_service", "google_dialogflow_agent",
	"google_dialogflow_cx_agent", "google_discovery_engine_data_store", "google_firebase_database_instance", "google_gke_backup_backup_plan",
	"google_healthcare_consent_store", "google_healthcare_dataset", "google_healthcare_dicom_store", "google_healthcare_fhir_store",
	"google_healthcare_hl7_v2_store", "google_looker_instance", "google_lustre_instance", "google_managed_kafka_cluster", "google_netapp_backup",
	"google_netapp_backup_vault", "google_netapp_volume", "google_netapp_volume_snapshot", "google_oracle_database_autonomous_database",
	"google_oracle_database_cloud_vm_cluster", "google_oracle_database_db_system", "google_oracle_database_exadb_vm_cluster",
	"google_parallelstore_instance", "google_pubsub_lite_topic", "google_secure_source_manager_instance", "google_sourcerepo_repository",
	"google_sql_source_representation_instance", "google_storage_anywhere_cache", "google_storage_transfer_job", "google_vector_search_collection",
	"google_vertex_ai_dataset", "google_vertex_ai_feature_online_store", "google_vertex_ai_featurestore", "google_vertex_ai_index",
	"google_vmwareengine_private_cloud", "google_workbench_instance", "google_workstations_workstation_config",
}

// google is the index that knows how Google Cloud names things.
func (c *collection) google() google.Index { return google.Index{Index: c.x} }

// gcp starts a store of Google Cloud at a location.
func (c *collection) gcp(id, typ, product string, r *terraform.Resource, location aws.Answer[string]) *store {
	aws.Uncounted(c.b, r)
	s := c.plain(id, typ, product, r.Pos)
	s.provider, s.region = "gcp", location
	s.country, s.replicas = google.Country(location), google.Copies(location)
	return s
}

// encryptGCP sets the key of a store, which is always encrypted: Google Cloud
// encrypts all data at rest (Google Cloud documentation, "Default encryption at
// rest"), with a key of its own where none is named.
func (s *store) encryptGCP(key aws.Key) {
	s.key = key
	s.encrypted = aws.Answer[bool]{Value: true, Default: !key.Manager.Known() || key.Manager.Default, Pos: key.Manager.Pos}
	s.methods = aws.Then(key.Manager, func(manager string) []string {
		if manager == "customer" {
			return []string{"cmek"}
		}
		return []string{"google"}
	})
}

// keyGCP resolves a key argument of a body, at a location.
func (c *collection) keyGCP(body *terraform.Value, location aws.Answer[string], at fact.Position, path ...string) aws.Key {
	block := aws.Block(body, path[:len(path)-1]...)
	if block.Kind == terraform.Unknown {
		return aws.UnknownKey(block.Reason, block.Pos)
	}
	return c.google().Key(block.Get(path[len(path)-1]), google.ManagedKey(location, at))
}

// backupsGCP adds the automatic backups of a store, unless there are none.
func (c *collection) backupsGCP(s *store, days aws.Answer[int]) *store {
	s.retention = days
	if days.Known() && days.Value == 0 {
		return nil
	}
	b := c.plain(s.id+"/backups", "backup", s.product, s.at)
	b.provider, b.engine, b.version, b.name = s.provider, s.engine, s.version, s.name
	b.region, b.country = s.region, s.country
	b.inherit(s)
	b.retention = days
	b.of = aws.Declared([]string{c.x.Reference(s.id)}, s.at)
	return b
}

// ofGCP returns the references to the stores that a value names, and the only one
// if it is one.
func (c *collection) ofGCP(v *terraform.Value, types ...string) (aws.Answer[[]string], *store) {
	r, reason := c.google().The(v, types...)
	if r == nil {
		if len(c.google().Named(v, types...)) > 0 || v.Kind == terraform.Unknown && !v.Direct {
			return aws.NotKnown[[]string](reason, v.Pos), nil
		}
		return aws.Declared([]string{}, v.Pos), nil
	}
	return aws.Declared([]string{c.x.Reference(r.Address)}, v.Pos), c.byID[r.Address]
}

// followsGCP makes a copy's encryption that of its source, which the root may not
// say.
func (s *store) followsGCP(from *store, reason string) {
	if from != nil {
		s.engine, s.version = from.engine, from.version
		s.inherit(from)
		return
	}
	s.encryptGCP(aws.UnknownKey(reason, s.at))
}
