package wire

import (
	"path"
	"slices"
	"strings"
)

// registered is a protocol with the ports it is commonly found on. Where several name
// a port, the first counts. Ports are those of the IANA registry and of the programs'
// own documentation.
type registered struct {
	name string
	tcp  []uint16
	udp  []uint16
}

func ports() []registered {
	return []registered{
		{"ssh", []uint16{22, 2222}, nil},
		{"telnet", []uint16{23, 992}, nil},
		{"ftp", []uint16{21, 990}, nil},
		{"smtp", []uint16{25, 465, 587, 2525}, nil},
		{"imap", []uint16{143, 993}, nil},
		{"pop3", []uint16{110, 995}, nil},
		{"postgres", []uint16{5432, 5433, 6432, 26257}, nil},
		{"mysql", []uint16{3306, 3307, 33060}, nil},
		{"redis", []uint16{6379, 6380, 16379, 26379}, nil},
		{"mongodb", []uint16{27017, 27018, 27019}, nil},
		{"memcached", []uint16{11211}, []uint16{11211}},
		{"ldap", []uint16{389, 636, 3268, 3269}, nil},
		{"amqp", []uint16{5672, 5671}, nil},
		{"kafka", []uint16{9092, 9093, 9094}, nil},
		{"mqtt", []uint16{1883, 8883}, nil},
		{"cassandra", []uint16{9042, 9142}, nil},
		{"mssql", []uint16{1433}, nil},
		{"rdp", []uint16{3389}, nil},
		{"smb", []uint16{445}, nil},
		{"dns", []uint16{53, 853}, []uint16{53}},
		{"ntp", nil, []uint16{123}},
		{"snmp", nil, []uint16{161}},
		{"quic", nil, []uint16{443, 8443}},
		{"elasticsearch", []uint16{9200}, nil},
		{"clickhouse", []uint16{8123, 9000, 9440}, nil},
		{"couchdb", []uint16{5984, 6984}, nil},
		{"etcd", []uint16{2379}, nil},
		{"docker", []uint16{2375, 2376}, nil},
		{"kubelet", []uint16{10250, 10255}, nil},
		{"kubernetes_api", []uint16{6443}, nil},
		{"vnc", []uint16{5900, 5901, 5902}, nil},
		{"rsync", []uint16{873}, nil},
		{"zookeeper", []uint16{2181}, nil},
		{"nats", []uint16{4222}, nil},
		{"rpcbind", []uint16{111}, []uint16{111}},
		{"nfs", []uint16{2049}, []uint16{2049}},
		{"http", []uint16{80, 443, 3000, 5000, 5601, 8000, 8008, 8080, 8081, 8086, 8088, 8443, 8888, 9090, 9443, 15672}, nil},
	}
}

// UDPPorts are the ports with a probe that their services answer, sorted.
func UDPPorts() []uint16 {
	var out []uint16
	for _, r := range ports() {
		out = append(out, r.udp...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func ofPort(port uint16, udp bool) string {
	for _, r := range ports() {
		if list := r.tcp; !udp && slices.Contains(list, port) || udp && slices.Contains(r.udp, port) {
			return r.name
		}
	}
	return ""
}

// implicit lists ports of TLS from the first byte on.
func implicit(port uint16) bool {
	return slices.Contains([]uint16{443, 465, 636, 853, 990, 992, 993, 995, 2376, 3269, 5671, 6380, 6443, 6984, 8443, 8883, 9142, 9440, 9443, 10250}, port)
}

// ofProcess lists the protocols of an executable, nil if it is not known for any: a
// proxy may rightly speak them all.
func ofProcess(exe string) []string {
	name := strings.TrimSuffix(path.Base(exe), " (deleted)")
	switch name {
	case "sshd", "sshd-session", "dropbear":
		return []string{"ssh"}
	case "postgres", "postmaster", "pgbouncer":
		return []string{"postgres"}
	case "mysqld", "mariadbd":
		return []string{"mysql", "mariadb"}
	case "redis-server", "valkey-server", "redis-sentinel", "keydb-server", "redis-check-rdb", "valkey-check-rdb":
		return []string{"redis"}
	case "mongod", "mongos":
		return []string{"mongodb"}
	case "memcached":
		return []string{"memcached"}
	case "slapd", "ns-slapd":
		return []string{"ldap"}
	case "named", "unbound", "knotd", "kresd", "nsd", "pdns_server", "pdns_recursor", "coredns":
		return []string{"dns", "http"}
	case "chronyd", "ntpd":
		return []string{"ntp"}
	case "snmpd":
		return []string{"snmp"}
	case "mosquitto":
		return []string{"mqtt", "http"}
	case "vsftpd", "proftpd", "pure-ftpd":
		return []string{"ftp"}
	case "rsync":
		return []string{"rsync"}
	case "exim4", "exim", "sendmail", "smtpd", "opensmtpd":
		return []string{"smtp"}
	case "master":
		if strings.Contains(exe, "/postfix/") {
			return []string{"smtp"}
		}
	case "dovecot":
		return []string{"imap", "pop3", "smtp"}
	case "nats-server":
		return []string{"nats", "mqtt", "http"}
	case "etcd":
		return []string{"etcd"}
	case "dockerd":
		return []string{"docker"}
	case "kubelet":
		return []string{"kubelet"}
	case "kube-apiserver":
		return []string{"kubernetes_api"}
	case "smbd":
		return []string{"smb"}
	case "rpcbind":
		return []string{"rpcbind"}
	case "clickhouse", "clickhouse-server":
		return []string{"clickhouse"}
	case "sqlservr":
		return []string{"mssql"}
	case "xrdp":
		return []string{"rdp"}
	case "apache2", "httpd", "lighttpd":
		return []string{"http"}
	}
	return nil
}
