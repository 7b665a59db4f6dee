# METADATA
# scope: package
# title: No data store is open to the internet
# description: A database that answers the whole internet is one weak password, or one unpatched bug, away from being copied.
# related_resources:
#   - ref: https://eur-lex.europa.eu/eli/reg/2016/679/oj
#     description: GDPR Art. 25(2), 32(1)(b)
# custom:
#   severity: critical
#   subject: firewall.exposure
#   gdpr: ["25(2)", "32(1)(b)"]
#   params: [port.datastore_ports]
#   remediation: Move the store to a private network, and reach it through a bastion or the application.
package gdpr.port.datastore_private

import data.lib.socket

not_applicable contains "not a data store" if not datastore

deny contains {
	"msg": sprintf("%s is open to the internet%s", [socket.label(input.subject.protocol, input.subject.port_from, input.subject.port_to), what]),
	"expected": "internal at most",
	"actual": "internet",
	"ports": [port |
		some port in data.params.port.datastore_ports
		port >= input.subject.port_from
		port <= input.subject.port_to
	],
} if {
	datastore
	open
}

unknown contains "who reaches it is not known" if {
	datastore
	input.subject.verdict == "unknown"
}

open if input.subject.scope_v4 == "internet"

open if input.subject.scope_v6 == "internet"

datastore if count(input.subject.store) > 0

datastore if {
	input.subject.product in {
		"activemq", "cassandra", "clickhouse", "couchdb", "dax", "db2", "elasticsearch", "etcd", "influxdb", "kafka", "mariadb", "memcached",
		"mongodb", "mysql", "neptune", "opensearch", "oracle", "postgres", "rabbitmq", "redis", "redshift", "sqlserver",
	}
}

datastore if {
	input.subject.protocol in {"tcp", "any"}
	some port in data.params.port.datastore_ports
	port >= input.subject.port_from
	port <= input.subject.port_to
}

# Of the listed ports only memcached is served by datagrams.
datastore if {
	input.subject.protocol == "udp"
	11211 in data.params.port.datastore_ports
	input.subject.port_from <= 11211
	input.subject.port_to >= 11211
}

what := sprintf(" (%s)", [input.subject.product]) if input.subject.product != ""

what := "" if input.subject.product == ""
