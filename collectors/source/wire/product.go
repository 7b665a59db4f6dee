package wire

import (
	"regexp"
	"strings"
)

// version is the digits of a version at the start of a text: "1.22.1", "9.2p1".
var version = regexp.MustCompile(`^[0-9]{1,5}(?:\.[0-9]{1,6}){0,3}(?:(?:p|rc|-rc|-?beta|-?alpha)[0-9]{1,3})?\b`)

// product finds one of some known names in a text, and the version after it. Nothing
// else of the text is kept: a greeting may hold names of hosts and people.
func product(text string, names ...string) (name, number string) {
	lower := strings.ToLower(text)
	for _, n := range names {
		i := strings.Index(lower, strings.ToLower(n))
		if i < 0 {
			continue
		}
		rest := strings.TrimLeft(text[i+len(n):], " /_(")
		rest = strings.TrimPrefix(strings.TrimPrefix(rest, "version "), "v")
		return n, version.FindString(rest)
	}
	return "", ""
}

// Product finds a known product in what another tool says of a port.
func Product(text string) (name, number string) {
	return product(text, "OpenSSH", "dropbear", "nginx", "Apache Tomcat", "Apache", "lighttpd", "Caddy", "Microsoft IIS", "Postfix", "Exim", "Sendmail", "Dovecot", "Courier",
		"vsFTPd", "ProFTPD", "Pure-FTPd", "PostgreSQL", "MariaDB", "MySQL", "Redis", "Valkey", "MongoDB", "memcached", "OpenLDAP", "RabbitMQ", "Mosquitto", "Elasticsearch",
		"OpenSearch", "CouchDB", "ClickHouse", "Docker", "etcd", "Zookeeper", "Cassandra", "HAProxy", "envoy", "Samba", "ISC BIND", "dnsmasq", "Unbound", "chrony", "rsync")
}
