package tls

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// cloudSQL reads google_sql_database_instance: TLS is offered, and demanded if
// ssl_mode, or before version 6.0.1 of the provider require_ssl, says so, or if
// only the service's own connectors get in. Without either, plain connections are
// let in (Cloud SQL Admin API, IpConfiguration; read second-hand).
func (c *collection) cloudSQL(r *terraform.Resource) {
	s := c.server(r.Address, "cloudsql", "database", r)
	s.store = []string{c.x.Reference(r.Address)}
	engine, _ := google.Engine(r)
	s.port = aws.NotKnown[int](engine.Reason, engine.Pos)
	if engine.Known() {
		s.port = aws.Default(map[string]int{"postgres": 5432, "mysql": 3306, "sqlserver": 1433}[engine.Value], engine.Pos)
	}
	s.scope = scopeOf(aws.Not(google.PublicAddress(r)))
	block := google.IPConfiguration(r)
	mode := aws.Text(block, "", "ssl_mode")
	switch {
	case block.Kind == terraform.Unknown || !mode.Known():
		s.require(aws.NotKnown[bool](block.Reason+mode.Reason, r.Pos), "optional")
		s.verify = aws.NotKnown[string](block.Reason+mode.Reason, r.Pos)
		return
	case block.Unset() && !r.Body.Get("clone").Unset():
		s.require(aws.NotKnown[bool]("follows from the instance it is cloned from", r.Pos), "optional")
		return
	}
	demanded := aws.Default(false, r.Pos)
	switch mode.Value {
	case "":
		if old := block.Get("require_ssl"); !old.Unset() {
			demanded = aws.Bool(block, false, "require_ssl")
		}
	case "ALLOW_UNENCRYPTED_AND_ENCRYPTED":
		demanded = aws.Declared(false, mode.Pos)
	case "ENCRYPTED_ONLY":
		demanded = aws.Declared(true, mode.Pos)
	case "TRUSTED_CLIENT_CERTIFICATE_REQUIRED":
		demanded = aws.Declared(true, mode.Pos)
		s.verify = aws.Declared("ca", mode.Pos)
	default:
		demanded = aws.NotKnown[bool]("ssl_mode "+mode.Value+" is not in the table", mode.Pos)
	}
	connectors := aws.Then(aws.Text(aws.Block(r.Body, "settings"), "NOT_REQUIRED", "connector_enforcement"), func(v string) bool { return v == "REQUIRED" })
	s.require(aws.Or(demanded, connectors), "optional")
}

// alloydb reads google_alloydb_instance. What an instance does that says nothing
// is not in the table.
func (c *collection) alloydb(r *terraform.Resource) {
	s := c.server(r.Address, "alloydb", "database", r)
	if cluster, _ := c.googleIndex().The(r.Body.Get("cluster"), "google_alloydb_cluster"); cluster != nil {
		s.store = []string{c.x.Reference(cluster.Address)}
	}
	s.port = aws.Default(5432, r.Pos)
	network := aws.Block(r.Body, "network_config")
	public := aws.Bool(network, false, "enable_public_ip")
	if network.Kind == terraform.Unknown {
		public = aws.Unknown[bool](network)
	}
	s.scope = scopeOf(aws.Not(public))
	block := aws.Block(r.Body, "client_connection_config", "ssl_config")
	mode := aws.Text(block, "", "ssl_mode")
	switch {
	case block.Kind == terraform.Unknown || !mode.Known():
		s.require(aws.NotKnown[bool](block.Reason+mode.Reason, r.Pos), "optional")
	case mode.Value == "ENCRYPTED_ONLY" || mode.Value == "ALLOW_UNENCRYPTED_AND_ENCRYPTED":
		s.require(aws.Declared(mode.Value == "ENCRYPTED_ONLY", mode.Pos), "optional")
	default:
		s.require(aws.NotKnown[bool]("the SSL mode is not written, and its default is not in the table", r.Pos), "optional")
	}
}

// gcpCache reads the caches of Memorystore for Redis and Valkey, without TLS
// unless they say otherwise.
func (c *collection) gcpCache(r *terraform.Resource) {
	s := c.server(r.Address, "memorystore", "cache", r)
	s.store = []string{c.x.Reference(r.Address)}
	mode := aws.Text(r.Body, "DISABLED", "transit_encryption_mode")
	s.port = aws.Default(6379, r.Pos)
	switch mode.Value {
	case "SERVER_AUTHENTICATION", "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION":
		s.require(aws.Declared(true, mode.Pos), "off")
		if r.Type == "google_redis_instance" {
			s.port = aws.Default(6378, mode.Pos) // Memorystore for Redis documentation, "In-transit encryption"
		}
	case "DISABLED", "TRANSIT_ENCRYPTION_MODE_DISABLED", "TRANSIT_ENCRYPTION_DISABLED":
		s.require(aws.Answer[bool]{Value: false, Default: mode.Default, Pos: mode.Pos}, "off")
	default:
		reason := mode.Reason
		if reason == "" {
			reason = "transit_encryption_mode " + mode.Value + " is not in the table"
		}
		s.require(aws.NotKnown[bool](reason, mode.Pos), "off")
		s.undecided(reason, mode.Pos)
		s.port = aws.NotKnown[int](reason, mode.Pos)
	}
}

// gcpMemcache reads google_memcache_instance. Whether it speaks TLS is not in the
// table.
func (c *collection) gcpMemcache(r *terraform.Resource) {
	s := c.server(r.Address, "memorystore", "cache", r)
	s.store = []string{c.x.Reference(r.Address)}
	s.port = aws.Default(11211, r.Pos)
	const reason = "whether Memcached speaks TLS is not in the table"
	s.require(aws.NotKnown[bool](reason, r.Pos), "off")
	s.undecided(reason, r.Pos)
}

// gcpService reads a service that Google's front ends serve by HTTPS. The versions
// they speak, and what they do with requests without TLS, are not in the table.
func (c *collection) gcpService(r *terraform.Resource) {
	s := c.server(r.Address, "google_front_end", "web", r)
	s.port = aws.Default(443, r.Pos)
	s.scope = aws.NotKnown[string]("the published port says from where it is reached", r.Pos)
	s.hsts = aws.NotKnown[int]("the service adds the header", r.Pos)
}

// gcpFunction reads a function of the first version, which may also serve without
// TLS unless it says that it always demands it.
func (c *collection) gcpFunction(r *terraform.Resource) {
	if v := r.Body.Get("event_trigger"); !v.Unset() && !(v.Kind == terraform.List && len(v.Elems) == 0) {
		return
	}
	c.gcpService(r)
	s := c.configs[len(c.configs)-1]
	level := aws.Text(r.Body, "", "https_trigger_security_level")
	switch {
	case !level.Known():
		s.require(aws.NotKnown[bool](level.Reason, level.Pos), "optional")
	case level.Value == "SECURE_ALWAYS" || level.Value == "SECURE_OPTIONAL":
		s.require(aws.Declared(level.Value == "SECURE_ALWAYS", level.Pos), "optional")
	default:
		s.require(aws.NotKnown[bool]("the security level is not written, and its default is not in the table", r.Pos), "optional")
	}
}
