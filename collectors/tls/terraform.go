package tls

import (
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// readers reads the listeners and databases of each resource type.
var readers = map[string]func(*collection, *terraform.Resource){
	"aws_lb_listener":                   (*collection).listener,
	"aws_alb_listener":                  (*collection).listener,
	"aws_elb":                           (*collection).classic,
	"aws_cloudfront_distribution":       (*collection).distribution,
	"aws_api_gateway_domain_name":       (*collection).gatewayDomain,
	"aws_apigatewayv2_domain_name":      (*collection).gatewayDomain2,
	"aws_api_gateway_rest_api":          (*collection).gateway,
	"aws_apigatewayv2_api":              (*collection).gateway,
	"aws_db_instance":                   (*collection).dbInstance,
	"aws_rds_cluster":                   (*collection).rdsCluster,
	"aws_docdb_cluster":                 (*collection).docdbCluster,
	"aws_neptune_cluster":               (*collection).neptuneCluster,
	"aws_redshift_cluster":              (*collection).redshiftCluster,
	"aws_elasticache_cluster":           (*collection).cacheCluster,
	"aws_elasticache_replication_group": (*collection).replicationGroup,
	"aws_elasticache_serverless_cache":  (*collection).serverlessCache,
	"aws_memorydb_cluster":              (*collection).memorydb,
	"aws_opensearch_domain":             (*collection).searchDomain,
	"aws_elasticsearch_domain":          (*collection).searchDomain,
	"aws_msk_cluster":                   (*collection).mskCluster,
	"aws_mq_broker":                     (*collection).mqBroker,
	"aws_s3_bucket":                     (*collection).bucket,
}

// unmodelled are the types that accept connections and are not read.
var unmodelled = []string{
	"aws_appsync_graphql_api", "aws_apprunner_service", "aws_dax_cluster", "aws_docdbelastic_cluster", "aws_globalaccelerator_listener",
	"aws_iot_domain_configuration", "aws_lambda_function_url", "aws_lightsail_distribution", "aws_lightsail_lb", "aws_msk_serverless_cluster",
	"aws_opensearchserverless_collection", "aws_redshiftserverless_workgroup", "aws_timestreaminfluxdb_db_instance", "aws_transfer_server",
	"aws_vpclattice_listener",
}
