package storage

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// readers reads the stores of each resource type; the types of one reader are in
// one file. Order does not matter: stores come in the order of the root, backups
// of other stores last.
var readers = map[string]func(*collection, *terraform.Resource){
	"aws_db_instance":                   (*collection).dbInstance,
	"aws_rds_cluster":                   (*collection).rdsCluster,
	"aws_docdb_cluster":                 (*collection).docdbCluster,
	"aws_neptune_cluster":               (*collection).neptuneCluster,
	"aws_redshift_cluster":              (*collection).redshiftCluster,
	"aws_dynamodb_table":                (*collection).dynamodbTable,
	"aws_s3_bucket":                     (*collection).bucket,
	"aws_ebs_volume":                    (*collection).ebsVolume,
	"aws_instance":                      (*collection).instance,
	"aws_spot_instance_request":         (*collection).instance,
	"aws_launch_template":               (*collection).launchTemplate,
	"aws_launch_configuration":          (*collection).instance,
	"aws_efs_file_system":               (*collection).efs,
	"aws_fsx_lustre_file_system":        (*collection).fsx,
	"aws_fsx_windows_file_system":       (*collection).fsx,
	"aws_fsx_ontap_file_system":         (*collection).fsx,
	"aws_fsx_openzfs_file_system":       (*collection).fsx,
	"aws_opensearch_domain":             (*collection).searchDomain,
	"aws_elasticsearch_domain":          (*collection).searchDomain,
	"aws_elasticache_cluster":           (*collection).cacheCluster,
	"aws_elasticache_replication_group": (*collection).replicationGroup,
	"aws_elasticache_serverless_cache":  (*collection).serverlessCache,
	"aws_memorydb_cluster":              (*collection).memorydb,
	"aws_sqs_queue":                     (*collection).sqsQueue,
	"aws_kinesis_stream":                (*collection).kinesisStream,
	"aws_msk_cluster":                   (*collection).mskCluster,
	"aws_mq_broker":                     (*collection).mqBroker,
}

// copies reads what is made from other stores, after those.
var copies = map[string]func(*collection, *terraform.Resource){
	"aws_ebs_snapshot":                              (*collection).ebsSnapshot,
	"aws_ebs_snapshot_copy":                         (*collection).snapshotCopy,
	"aws_db_snapshot":                               (*collection).dbSnapshot,
	"aws_db_snapshot_copy":                          (*collection).snapshotCopy,
	"aws_db_cluster_snapshot":                       (*collection).dbSnapshot,
	"aws_docdb_cluster_snapshot":                    (*collection).dbSnapshot,
	"aws_neptune_cluster_snapshot":                  (*collection).dbSnapshot,
	"aws_redshift_cluster_snapshot":                 (*collection).dbSnapshot,
	"aws_db_instance_automated_backups_replication": (*collection).backupReplication,
	"aws_backup_plan":                               (*collection).backupPlan,
	"aws_backup_vault":                              (*collection).backupVault,
}

// unmodelled are the types that keep data and are not read: a document that
// leaves them out is not complete.
var unmodelled = []string{
	"aws_ami", "aws_ami_copy", "aws_ami_from_instance", "aws_backup_logically_air_gapped_vault", "aws_docdbelastic_cluster",
	"aws_dax_cluster", "aws_ebs_snapshot_import", "aws_fsx_backup", "aws_fsx_file_cache", "aws_fsx_openzfs_snapshot", "aws_fsx_openzfs_volume",
	"aws_glacier_vault", "aws_keyspaces_table", "aws_lightsail_bucket", "aws_lightsail_database", "aws_lightsail_disk", "aws_memorydb_snapshot",
	"aws_neptunegraph_graph", "aws_opensearchserverless_collection", "aws_qldb_ledger", "aws_rds_cluster_snapshot_copy",
	"aws_redshiftserverless_namespace", "aws_redshiftserverless_snapshot", "aws_s3_directory_bucket", "aws_s3tables_table_bucket",
	"aws_msk_serverless_cluster", "aws_storagegateway_cached_iscsi_volume", "aws_storagegateway_gateway", "aws_storagegateway_stored_iscsi_volume",
	"aws_timestreaminfluxdb_db_instance", "aws_timestreamwrite_table", "aws_workspaces_workspace",
}

func (c *collection) read(root *terraform.Root, stateFiles []string) {
	for _, r := range root.Resources {
		if read := readers[r.Type]; read != nil && r.Mode == "managed" {
			read(c, r)
		}
		if read := azureReaders[r.Type]; read != nil && r.Mode == "managed" {
			read(c, r)
		}
		if read := googleReaders[r.Type]; read != nil && r.Mode == "managed" {
			read(c, r)
		}
	}
	for _, r := range root.Resources {
		if read := copies[r.Type]; read != nil && r.Mode == "managed" {
			read(c, r)
		}
		if read := azureCopies[r.Type]; read != nil && r.Mode == "managed" {
			read(c, r)
		}
		if read := googleCopies[r.Type]; read != nil && r.Mode == "managed" {
			read(c, r)
		}
	}
	c.backend(root, stateFiles)
	aws.Unmodelled(c.b, root, "data stores", slices.Concat(unmodelled, googleUnmodelled, azureUnmodelled), google.Provider, azure.Provider)
}

// of returns the references to the stores that a value names, of the types that
// they are declared as.
func (c *collection) of(v *terraform.Value, types ...string) (aws.Answer[[]string], *store) {
	links := c.x.Named(v, types...)
	refs, only := []string{}, (*store)(nil)
	for _, l := range links {
		if l.Reason != "" {
			return aws.NotKnown[[]string](l.Reason, v.Pos), nil
		}
		refs = append(refs, c.x.Reference(l.Address))
		only = c.byID[l.Address]
	}
	if len(links) != 1 {
		only = nil
	}
	return aws.Declared(refs, v.Pos), only
}

// versionOf reads the version of an engine that is written as product_version,
// such as OpenSearch_2.11.
func versionOf(a aws.Answer[string]) aws.Answer[string] {
	return aws.Then(a, func(s string) string {
		if _, v, ok := strings.Cut(s, "_"); ok {
			return v
		}
		return s
	})
}
