package tls

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// cacheServer starts the endpoint of a cache.
func (c *collection) cacheServer(r *terraform.Resource, product string, port int) *config {
	s := c.server(r.Address, product, "cache", r)
	s.store = []string{c.x.Reference(r.Address)}
	s.port = aws.Int(r.Body, port, "port")
	return s
}

// cacheCluster reads an aws_elasticache_cluster of its own; without
// transit_encryption_enabled it speaks no TLS.
func (c *collection) cacheCluster(r *terraform.Resource) {
	links := c.x.Named(r.Body.Get("replication_group_id"), "aws_elasticache_replication_group")
	if len(links) == 1 && links[0].Reason == "" {
		return
	}
	engine := aws.Text(r.Body, "", "engine")
	port := 6379
	if engine.Known() && engine.Value == "memcached" {
		port = 11211
	}
	s := c.cacheServer(r, "elasticache", port)
	on := aws.Bool(r.Body, false, "transit_encryption_enabled")
	if !r.Body.Get("replication_group_id").Unset() && on.Default {
		on = aws.NotKnown[bool]("follows from a replication group that is managed elsewhere", r.Pos)
	}
	s.require(on, "off")
}

// replicationGroup reads aws_elasticache_replication_group: with engine redis off
// by default, with valkey on. Mode preferred also serves without.
func (c *collection) replicationGroup(r *terraform.Resource) {
	s := c.cacheServer(r, "elasticache", 6379)
	on := aws.Bool(r.Body, false, "transit_encryption_enabled")
	if on.Default {
		on = aws.Then(aws.Text(r.Body, "redis", "engine"), func(e string) bool { return e == "valkey" })
		on.Default, on.Pos = on.Known(), r.Pos
		if v := r.Body.Get("global_replication_group_id"); !v.Unset() {
			on = aws.NotKnown[bool]("follows from the global replication group", v.Pos)
		}
	}
	s.require(on, "off")
	if on.Known() && on.Value {
		mode := aws.Then(aws.Text(r.Body, "required", "transit_encryption_mode"), func(m string) bool { return m != "preferred" })
		if mode.Default {
			mode = on
		}
		s.require(mode, "optional")
	}
}

// serverlessCache reads aws_elasticache_serverless_cache, which speaks only TLS.
func (c *collection) serverlessCache(r *terraform.Resource) { c.cacheServer(r, "elasticache", 6379) }

// memorydb reads aws_memorydb_cluster, with TLS by default.
func (c *collection) memorydb(r *terraform.Resource) {
	s := c.cacheServer(r, "memorydb", 6379)
	s.require(aws.Bool(r.Body, true, "tls_enabled"), "off")
}

// searchDomain reads aws_opensearch_domain. Plain HTTP is served too unless
// enforce_https is set, which it is where the block stands without it.
func (c *collection) searchDomain(r *terraform.Resource) {
	s := c.server(r.Address, "opensearch", "search", r)
	s.store = []string{c.x.Reference(r.Address)}
	s.port = aws.Default(443, r.Pos)
	inside := aws.Block(r.Body, "vpc_options")
	s.scope = scopeOf(aws.Answer[bool]{Value: !inside.Unset(), Default: inside.Unset(), Pos: r.Pos})
	if inside.Kind == terraform.Unknown {
		s.scope = aws.Unknown[string](inside)
	}
	s.hsts = aws.NotKnown[int](notPublished, r.Pos)
	block := aws.Block(r.Body, "domain_endpoint_options")
	only := aws.Bool(block, true, "enforce_https")
	policy := aws.Text(block, "", "tls_security_policy")
	switch {
	case block.Kind == terraform.Unknown:
		only, policy = aws.Unknown[bool](block), aws.Unknown[string](block)
	case block.Unset():
		only = aws.Default(false, r.Pos)
	}
	if policy.Default {
		policy = aws.NotKnown[string]("not written, and the default depends on when the domain was made", r.Pos)
	}
	s.accept(policy, searchPolicy)
	s.require(only, "optional")
}

// mskCluster reads aws_msk_cluster: clients speak only TLS by default.
func (c *collection) mskCluster(r *terraform.Resource) {
	s := c.server(r.Address, "msk", "broker", r)
	s.store = []string{c.x.Reference(r.Address)}
	s.port = aws.Default(9094, r.Pos)
	block := aws.Block(r.Body, "encryption_info", "encryption_in_transit")
	mode := aws.Text(block, "TLS", "client_broker")
	switch {
	case block.Kind == terraform.Unknown:
		mode = aws.Unknown[string](block)
	case block.Unset():
		mode.Pos = r.Pos
	}
	otherwise := "optional"
	if mode.Known() && mode.Value == "PLAINTEXT" {
		otherwise = "off"
		s.port = aws.Default(9092, r.Pos)
	}
	s.require(aws.Then(mode, func(m string) bool { return m == "TLS" }), otherwise)
	access := aws.Block(r.Body, "broker_node_group_info", "connectivity_info", "public_access")
	public := aws.Text(access, "DISABLED", "type")
	if access.Unset() {
		public.Pos = r.Pos
	}
	s.scope = scopeOf(aws.Then(public, func(t string) bool { return t == "DISABLED" }))
}

// mqBroker reads aws_mq_broker, whose endpoints speak only TLS.
func (c *collection) mqBroker(r *terraform.Resource) {
	s := c.server(r.Address, "mq", "broker", r)
	s.store = []string{c.x.Reference(r.Address)}
	s.port = aws.Default(5671, r.Pos)
	s.scope = scopeOf(aws.Not(aws.Bool(r.Body, false, "publicly_accessible")))
}

// bucket reads how a bucket is reached. S3 also answers plain HTTP, unless the
// bucket's policy denies requests without TLS; it refuses TLS below 1.2.
func (c *collection) bucket(r *terraform.Resource) {
	s := c.server(r.Address, "s3", "storage", r)
	s.store = []string{c.x.Reference(r.Address)}
	s.port, s.scope = aws.Default(443, r.Pos), aws.Default("internet", r.Pos)
	s.protocols = aws.Default(from("tls1.2", "tls1.3"), r.Pos)
	s.require(c.x.Bucket(r).SecureTransport(), "optional")
}
