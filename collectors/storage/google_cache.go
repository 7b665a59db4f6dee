package storage

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// gcpRedis reads google_redis_instance, which takes no backups of its own.
func (c *collection) gcpRedis(r *terraform.Resource) {
	s := c.gcp(r.Address, "cache", "memorystore", r, google.Location(r, "region"))
	s.engine, s.name = aws.Default("redis", r.Pos), aws.Text(r.Body, "", "name")
	s.version = aws.Text(r.Body, "", "redis_version")
	s.encryptGCP(c.keyGCP(r.Body, s.region, r.Pos, "customer_managed_key"))
}

// gcpRedisCluster reads google_redis_cluster and google_memorystore_instance.
// Backups are off unless configured, and then kept for 35 days by default. Copies
// in other regions are clusters of their own.
func (c *collection) gcpRedisCluster(r *terraform.Resource) {
	s := c.gcp(r.Address, "cache", "memorystore", r, google.Location(r, "region", "location"))
	s.engine, s.name = aws.Default("redis", r.Pos), aws.Text(r.Body, "", "name")
	if r.Type == "google_memorystore_instance" {
		s.engine, s.name = aws.Default("valkey", r.Pos), aws.Text(r.Body, "", "instance_id")
		s.version = aws.Text(r.Body, "", "engine_version")
	}
	s.encryptGCP(c.keyGCP(r.Body, s.region, r.Pos, "kms_key"))
	for _, name := range []string{"cross_cluster_replication_config", "cross_instance_replication_config"} {
		if v := r.Body.Get(name); !v.Unset() && !(v.Kind == terraform.List && len(v.Elems) == 0) {
			s.replicas = aws.NotKnown[[]string]("which clusters it is replicated to is not read", v.Pos)
		}
	}
	block := aws.Block(r.Body, "automated_backup_config")
	switch {
	case block.Kind == terraform.Unknown:
		c.backupsGCP(s, aws.Unknown[int](block))
	case block.Unset():
		s.retention = aws.Default(0, r.Pos)
	default:
		mode := aws.Text(block, "ENABLED", "automated_backup_mode")
		switch {
		case !mode.Known():
			c.backupsGCP(s, aws.NotKnown[int](mode.Reason, mode.Pos))
		case mode.Value == "DISABLED":
			s.retention = aws.Declared(0, mode.Pos)
		default:
			c.backupsGCP(s, google.Days(aws.Text(block, "3024000s", "retention")))
		}
	}
}

// gcpMemcache reads google_memcache_instance, which keeps data in memory only.
// Whether that is encrypted is not in the table.
func (c *collection) gcpMemcache(r *terraform.Resource) {
	s := c.gcp(r.Address, "cache", "memorystore", r, google.Location(r, "region"))
	s.engine, s.name = aws.Default("memcached", r.Pos), aws.Text(r.Body, "", "name")
	s.version = aws.Text(r.Body, "", "memcache_version")
	s.encrypt(aws.NotKnown[bool]("whether memory is encrypted is not in the table", r.Pos), "", nil)
}

// filestore reads google_filestore_instance, a share inside of a network. Its
// backups are resources of their own.
func (c *collection) filestore(r *terraform.Resource) {
	s := c.gcp(r.Address, "share", "filestore", r, google.Location(r, "location", "zone"))
	s.name = aws.Text(r.Body, "", "name")
	s.encryptGCP(c.keyGCP(r.Body, s.region, r.Pos, "kms_key_name"))
	if v := r.Body.Get("initial_replication"); !v.Unset() && !(v.Kind == terraform.List && len(v.Elems) == 0) {
		s.replicas = aws.NotKnown[[]string]("which instances it is replicated to is not read", v.Pos)
	}
}

// filestoreBackup reads google_filestore_backup, which stays until someone deletes
// it.
func (c *collection) filestoreBackup(r *terraform.Resource) {
	s := c.gcp(r.Address, "backup", "filestore", r, google.Location(r, "location"))
	s.name, s.retention = aws.Text(r.Body, "", "name"), aws.Default(fact.Unbounded, r.Pos)
	of, from := c.ofGCP(r.Body.Get("source_instance"), "google_filestore_instance")
	s.of = of
	if v := r.Body.Get("kms_key_name"); !v.Unset() {
		s.encryptGCP(c.google().Key(v, google.ManagedKey(s.region, r.Pos)))
		return
	}
	s.followsGCP(from, "follows from the instance that is backed up")
}
