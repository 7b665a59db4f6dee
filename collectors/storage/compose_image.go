package storage

import (
	"slices"
	"strings"
)

// databaseImage is what an image of a database keeps, and where.
type databaseImage struct {
	typ, product string
	folders      []string
}

// databaseImages are images by the last part of their name, with the folders that
// their publishers document for data; those of Bitnami have theirs below /bitnami.
var databaseImages = func() map[string]databaseImage {
	postgres := databaseImage{"database", "postgres", []string{"/var/lib/postgresql"}}
	mysql := databaseImage{"database", "mysql", []string{"/var/lib/mysql"}}
	mariadb := databaseImage{"database", "mariadb", []string{"/var/lib/mysql"}}
	mongo := databaseImage{"database", "mongodb", []string{"/data/db", "/data/configdb"}}
	redis := databaseImage{"cache", "redis", []string{"/data", "/var/lib/redis"}}
	elastic := databaseImage{"database", "elasticsearch", []string{"/usr/share/elasticsearch/data"}}
	click := databaseImage{"database", "clickhouse", []string{"/var/lib/clickhouse"}}
	rabbit := databaseImage{"queue", "rabbitmq", []string{"/var/lib/rabbitmq"}}
	kafka := databaseImage{"queue", "kafka", []string{"/var/lib/kafka", "/tmp/kafka-logs", "/tmp/kraft-combined-logs", "/var/lib/redpanda"}}
	return map[string]databaseImage{
		"postgres": postgres, "postgresql": postgres, "postgis": postgres, "timescaledb": postgres, "pgvector": postgres,
		"mysql": mysql, "mysql-server": mysql, "percona": mysql, "percona-server": mysql, "mariadb": mariadb, "mariadb-galera": mariadb,
		"mongo": mongo, "mongodb": mongo, "mongodb-community-server": mongo, "percona-server-mongodb": mongo,
		"redis": redis, "valkey": redis, "keydb": redis, "redis-stack": redis, "redis-stack-server": redis, "redis-cluster": redis,
		"elasticsearch": elastic, "opensearch": {"database", "opensearch", []string{"/usr/share/opensearch/data"}},
		"clickhouse": click, "clickhouse-server": click, "rabbitmq": rabbit, "kafka": kafka, "cp-kafka": kafka, "redpanda": kafka,
		"cassandra": {"database", "cassandra", []string{"/var/lib/cassandra"}}, "scylla": {"database", "cassandra", []string{"/var/lib/scylla"}},
		"neo4j": {"database", "neo4j", []string{"/data"}}, "influxdb": {"database", "influxdb", []string{"/var/lib/influxdb", "/var/lib/influxdb2"}},
		"couchdb": {"database", "couchdb", []string{"/opt/couchdb/data"}}, "minio": {"bucket", "minio", []string{"/data", "/export"}},
		"cockroach": {"database", "cockroachdb", []string{"/cockroach"}}, "etcd": {"database", "etcd", []string{"/etcd-data", "/var/lib/etcd"}},
		"mssql-server": {"database", "sqlserver", []string{"/var/opt/mssql"}}, "solr": {"database", "solr", []string{"/var/solr"}},
	}
}()

// databaseOf returns what an image keeps; of any other it is nothing.
func databaseOf(image string) databaseImage {
	name, _, _ := strings.Cut(image, "@")
	name = name[strings.LastIndexByte(name, '/')+1:]
	name, _, _ = strings.Cut(name, ":")
	if name == "server" && strings.Contains(image, "mssql/server") {
		name = "mssql-server"
	}
	return databaseImages[strings.ToLower(name)]
}

// keepsIn reports whether a folder of a container holds the data of a database.
func (d databaseImage) keepsIn(target string) bool {
	return d.typ != "" && (slices.ContainsFunc(d.folders, func(f string) bool {
		return target == f || strings.HasPrefix(target, f+"/") || strings.HasPrefix(f, target+"/") && target != "/"
	}) ||
		target == "/bitnami" || strings.HasPrefix(target, "/bitnami/"))
}
