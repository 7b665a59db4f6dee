package storage

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// searchDomain reads aws_opensearch_domain and aws_elasticsearch_domain: not
// encrypted by default. A domain outside a VPC whose policy admits everyone is
// public, unless it asks for credentials itself.
func (c *collection) searchDomain(r *terraform.Resource) {
	s := c.add(r.Address, "database", "opensearch", r)
	s.name = aws.Text(r.Body, "", "domain_name")
	s.engine, s.version = aws.Default("opensearch", r.Pos), versionOf(aws.Text(r.Body, "", "engine_version"))
	if r.Type == "aws_elasticsearch_domain" {
		s.engine, s.version = aws.Default("elasticsearch", r.Pos), aws.Text(r.Body, "1.5", "elasticsearch_version")
	}
	block := aws.Block(r.Body, "encrypt_at_rest")
	on := aws.Bool(block, false, "enabled")
	if block.Unset() {
		on = aws.Default(false, r.Pos)
	}
	s.encrypt(on, "aws:kms", func() aws.Key {
		return c.x.Key(block.Get("kms_key_id"), r, aws.ManagedKey(false, r, block.Pos))
	})
	typ := strings.TrimSuffix(r.Type, "_domain") + "_domain_policy"
	open, by := c.resourcePolicy(r, typ, "domain_name")
	inside := present(r.Body, "vpc_options")
	s.public = aws.And(aws.And(open, aws.Not(inside)), aws.Not(credentials(r)))
	s.publicBy = by
	if s.public.Known() && !s.public.Value {
		s.publicBy = aws.Answer[[]string]{Value: []string{}, Default: s.public.Default, Pos: s.public.Pos}
	}
}

// credentials reports whether fine-grained access control asks everyone who
// they are.
func credentials(r *terraform.Resource) aws.Answer[bool] {
	block := aws.Block(r.Body, "advanced_security_options")
	if block.Unset() {
		return aws.Default(false, r.Pos)
	}
	return aws.And(aws.Bool(block, false, "enabled"), aws.Not(aws.Bool(block, false, "anonymous_auth_enabled")))
}

// present reports whether a block is written.
func present(body *terraform.Value, name string) aws.Answer[bool] {
	block := aws.Block(body, name)
	if block.Kind == terraform.Unknown {
		return aws.Unknown[bool](block)
	}
	return aws.Answer[bool]{Value: !block.Unset(), Default: block.Unset(), Pos: body.Pos}
}

// cacheCluster reads an aws_elasticache_cluster of its own, which cannot be
// encrypted at rest. A member of a replication group is part of that.
func (c *collection) cacheCluster(r *terraform.Resource) {
	group := r.Body.Get("replication_group_id")
	if !group.Unset() {
		links := c.x.Named(group, "aws_elasticache_replication_group")
		if len(links) == 1 && links[0].Reason == "" {
			return
		}
	}
	s := c.add(r.Address, "cache", "elasticache", r)
	s.engine, s.version = aws.Text(r.Body, "", "engine"), aws.Text(r.Body, "", "engine_version")
	s.name = aws.Text(r.Body, "", "cluster_id")
	if !group.Unset() {
		s.encrypt(aws.NotKnown[bool]("follows from a replication group that is managed elsewhere", group.Pos), "", nil)
	}
	c.backups(s, aws.Int(r.Body, 0, "snapshot_retention_limit"), r)
}

// replicationGroup reads aws_elasticache_replication_group: with engine redis
// not encrypted by default, with valkey encrypted.
func (c *collection) replicationGroup(r *terraform.Resource) {
	s := c.add(r.Address, "cache", "elasticache", r)
	s.engine, s.version = aws.Text(r.Body, "redis", "engine"), aws.Text(r.Body, "", "engine_version")
	s.name = aws.Text(r.Body, "", "replication_group_id")
	on := aws.Bool(r.Body, false, "at_rest_encryption_enabled")
	if on.Default {
		on = aws.Then(s.engine, func(e string) bool { return e == "valkey" })
		on.Default = on.Known()
		on.Pos = r.Pos
	}
	global := r.Body.Get("global_replication_group_id")
	if !global.Unset() {
		if on.Default {
			on = aws.NotKnown[bool]("follows from the global replication group", global.Pos)
		}
		s.replicas = aws.NotKnown[[]string]("member of a global replication group", global.Pos)
	}
	for _, l := range c.x.Attached(r, "aws_elasticache_global_replication_group", "primary_replication_group_id") {
		s.replicas = aws.NotKnown[[]string]("member of "+l.Address, l.Pos)
	}
	s.encrypt(on, "aws:kms", c.keyOf(r, "kms_key_id", true))
	c.backups(s, aws.Int(r.Body, 0, "snapshot_retention_limit"), r)
}

// serverlessCache reads aws_elasticache_serverless_cache, always encrypted.
func (c *collection) serverlessCache(r *terraform.Resource) {
	s := c.add(r.Address, "cache", "elasticache", r)
	s.engine, s.version = aws.Text(r.Body, "", "engine"), aws.Text(r.Body, "", "major_engine_version")
	s.name = aws.Text(r.Body, "", "name")
	s.encrypt(aws.Default(true, r.Pos), "aws:kms", c.keyOf(r, "kms_key_id", true))
	c.backups(s, aws.Int(r.Body, 0, "snapshot_retention_limit"), r)
}

// memorydb reads aws_memorydb_cluster, always encrypted.
func (c *collection) memorydb(r *terraform.Resource) {
	s := c.add(r.Address, "cache", "memorydb", r)
	s.engine, s.version = aws.Text(r.Body, "redis", "engine"), aws.Text(r.Body, "", "engine_version")
	s.name = aws.Text(r.Body, "", "name")
	s.encrypt(aws.Default(true, r.Pos), "aws:kms", c.keyOf(r, "kms_key_arn", true))
	if v := r.Body.Get("multi_region_cluster_name"); !v.Unset() {
		s.replicas = aws.NotKnown[[]string]("member of a multi-Region cluster", v.Pos)
	}
	c.backups(s, aws.Int(r.Body, 0, "snapshot_retention_limit"), r)
}
