package ports

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
)

// imageProducts are the products of images by the last part of their name: those of
// the publishers and their usual repackagings (bitnami/postgresql).
var imageProducts = map[string]string{
	"postgres": "postgres", "postgresql": "postgres", "postgis": "postgres", "timescaledb": "postgres", "pgvector": "postgres", "spilo": "postgres", "cloudnative-pg": "postgres",
	"mysql": "mysql", "mysql-server": "mysql", "percona": "mysql", "percona-server": "mysql", "mariadb": "mariadb", "mariadb-galera": "mariadb",
	"mongo": "mongodb", "mongodb": "mongodb", "percona-server-mongodb": "mongodb", "mongodb-community-server": "mongodb",
	"redis": "redis", "redis-stack": "redis", "redis-stack-server": "redis", "redis-cluster": "redis", "valkey": "redis", "keydb": "redis", "dragonfly": "redis",
	"memcached": "memcached", "elasticsearch": "elasticsearch", "opensearch": "opensearch", "solr": "solr",
	"rabbitmq": "rabbitmq", "kafka": "kafka", "cp-kafka": "kafka", "redpanda": "kafka", "nats": "nats", "activemq-classic": "activemq",
	"cassandra": "cassandra", "scylla": "cassandra", "clickhouse-server": "clickhouse", "clickhouse": "clickhouse", "cockroach": "postgres", "neo4j": "neo4j",
	"influxdb": "influxdb", "couchdb": "couchdb", "couchbase": "couchbase", "etcd": "etcd", "minio": "minio", "mssql-server": "sqlserver",
}

// productOf returns the product that an image runs, "" if it is not known to be one.
func productOf(o *kubernetes.Object, c kubernetes.Container) aws.Answer[string] {
	image := o.Text(c.Node, "", "image")
	return aws.Then(image, productOfImage)
}

func productOfImage(image string) string {
	name, _, _ := strings.Cut(image, "@")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name, _, _ = strings.Cut(name, ":")
	if name == "server" && strings.Contains(image, "mssql/server") {
		return "sqlserver"
	}
	return imageProducts[strings.ToLower(name)]
}
