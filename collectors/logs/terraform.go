package logs

import (
	"slices"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// collection gathers the stores and sources of one root.
type collection struct {
	x       *aws.Index
	sources *fact.Builder
	stores  []*store
	byID    map[string]*store
	// missing says why stores may be missing.
	missing []string
	// azureSettings are the diagnostic settings, once they are read.
	azureSettings []azureSetting
}

// readers reads what writes or keeps logs, by resource type.
var readers = map[string]func(*collection, *terraform.Resource){
	"aws_cloudwatch_log_group":                  (*collection).group,
	"aws_cloudtrail":                            (*collection).trail,
	"aws_cloudtrail_event_data_store":           (*collection).eventDataStore,
	"aws_flow_log":                              (*collection).flowLog,
	"aws_s3_bucket":                             (*collection).bucketInline,
	"aws_s3_bucket_logging":                     (*collection).bucketLogging,
	"aws_lb":                                    (*collection).loadBalancer,
	"aws_alb":                                   (*collection).loadBalancer,
	"aws_elb":                                   (*collection).loadBalancer,
	"aws_cloudfront_distribution":               (*collection).distribution,
	"aws_api_gateway_stage":                     (*collection).gatewayStage,
	"aws_apigatewayv2_stage":                    (*collection).gatewayStage,
	"aws_api_gateway_method_settings":           (*collection).methodSettings,
	"aws_wafv2_web_acl_logging_configuration":   (*collection).waf,
	"aws_db_instance":                           (*collection).dbInstance,
	"aws_rds_cluster":                           (*collection).rdsCluster,
	"aws_docdb_cluster":                         (*collection).docdbCluster,
	"aws_neptune_cluster":                       (*collection).neptuneCluster,
	"aws_redshift_logging":                      (*collection).redshiftLogging,
	"aws_redshift_cluster":                      (*collection).redshiftInline,
	"aws_opensearch_domain":                     (*collection).searchDomain,
	"aws_elasticsearch_domain":                  (*collection).searchDomain,
	"aws_lambda_function":                       (*collection).function,
	"aws_eks_cluster":                           (*collection).eks,
	"aws_msk_cluster":                           (*collection).msk,
	"aws_kinesis_firehose_delivery_stream":      (*collection).firehose,
	"aws_route53_query_log":                     (*collection).queryLog,
	"aws_route53_resolver_query_log_config":     (*collection).resolverLog,
	"aws_networkfirewall_logging_configuration": (*collection).networkFirewall,
	"aws_config_delivery_channel":               (*collection).configChannel,
}

// unmodelled are the types that write or keep logs and are not read.
var unmodelled = []string{
	"aws_cloudwatch_log_delivery", "aws_cloudwatch_log_delivery_destination", "aws_cloudfront_realtime_log_config", "aws_emr_cluster",
	"aws_globalaccelerator_accelerator",
	"aws_sfn_state_machine", "aws_vpclattice_access_log_subscription", "aws_iot_logging_options", "aws_transfer_server",
	"aws_securitylake_data_lake", "aws_ec2_client_vpn_endpoint", "aws_verifiedaccess_instance_logging_configuration",
	"aws_codebuild_project", "aws_elastic_beanstalk_environment", "aws_batch_job_definition",
}

// fromTerraform reads one root module. Stores come in the order they are met:
// groups and buckets where a source names them.
func fromTerraform(root *terraform.Root, by fact.Collector, env *collectors.Env) []*fact.Document {
	x := aws.NewIndex(root)
	sources := fact.NewBuilder("log.source", x.Target, by, env.Now)
	stores := fact.NewBuilder("log.store", x.Target, by, env.Now)
	x.Envelope(sources)
	x.Envelope(stores)
	c := &collection{x: x, sources: sources, byID: map[string]*store{}}
	for _, r := range root.Resources {
		if read := readers[r.Type]; read != nil && r.Mode == "managed" {
			if !r.KnownCount {
				aws.Uncounted(sources, r)
				aws.Uncounted(stores, r)
			}
			read(c, r)
		}
		if read := azureReaders[r.Type]; read != nil && r.Mode == "managed" {
			aws.Uncounted(sources, r)
			aws.Uncounted(stores, r)
			read(c, r)
		}
		if read := googleReaders[r.Type]; read != nil && r.Mode == "managed" {
			aws.Uncounted(sources, r)
			aws.Uncounted(stores, r)
			read(c, r)
		}
	}
	c.copies()
	c.googleCopies()
	c.azureCopies()
	for _, s := range c.stores {
		s.put(stores)
	}
	for _, reason := range c.missing {
		stores.Incomplete(reason)
	}
	types := slices.Concat(unmodelled, googleUnmodelled, azureUnmodelled)
	aws.Unmodelled(sources, root, "log sources", types, google.Provider, azure.Provider)
	aws.Unmodelled(stores, root, "log stores", types, google.Provider, azure.Provider)
	return []*fact.Document{sources.Document(), stores.Document()}
}
