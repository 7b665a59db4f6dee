package storage

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// dbInstance reads aws_db_instance. Defaults are the provider's: not encrypted,
// no backups, no public address. A replica takes the encryption of its source.
func (c *collection) dbInstance(r *terraform.Resource) {
	s := c.add(r.Address, "database", "rds", r)
	s.engine, s.version = aws.Text(r.Body, "", "engine"), aws.Text(r.Body, "", "engine_version")
	s.name = aws.Text(r.Body, "", "identifier")
	encrypted := aws.Bool(r.Body, false, "storage_encrypted")
	source := r.Body.Get("replicate_source_db")
	if encrypted.Default {
		encrypted = restored(r, encrypted, "snapshot_identifier", "restore_to_point_in_time")
		if !source.Unset() {
			encrypted = c.encryptionOf(source, "aws_db_instance", "aws_rds_cluster")
		}
	}
	s.encrypt(encrypted, "aws:kms", func() aws.Key {
		absent := aws.ManagedKey(false, r, r.Pos)
		if !restored(r, aws.Default(true, r.Pos), copied...).Known() {
			absent = aws.UnknownKey("follows from what the database is made from", r.Pos)
		}
		return c.x.Key(r.Body.Get("kms_key_id"), r, absent)
	})
	s.public, s.publicBy = publicAddress(r)
	s.replicas = c.replicaCountries(r, "aws_db_instance", "replicate_source_db")
	switch {
	case !s.engine.Default:
	case !source.Unset():
		s.engine = c.engineOf(source)
	default:
		s.engine = aws.NotKnown[string]("follows from what the database is made from", r.Pos)
	}
	c.backups(s, aws.Int(r.Body, 0, "backup_retention_period"), r)
}

// copied are the arguments that make a database from another one or its copy.
var copied = []string{"snapshot_identifier", "restore_to_point_in_time", "replicate_source_db", "s3_import"}

// restored makes a default unknown where the store is restored from a copy,
// whose encryption it then keeps.
func restored(r *terraform.Resource, a aws.Answer[bool], arguments ...string) aws.Answer[bool] {
	for _, name := range arguments {
		if v := r.Body.Get(name); !v.Unset() && !(v.Kind == terraform.List && len(v.Elems) == 0) {
			return aws.NotKnown[bool]("follows from what "+name+" names", v.Pos)
		}
	}
	return a
}

// encryptionOf reads whether the source of a replica is encrypted.
func (c *collection) encryptionOf(source *terraform.Value, types ...string) aws.Answer[bool] {
	links := c.x.Named(source, types...)
	if len(links) == 1 && links[0].Reason == "" {
		from := links[0].Resource
		own := aws.Bool(from.Body, false, "storage_encrypted")
		if own.Known() && !own.Default {
			return own
		}
		if own.Known() && from.Type == "aws_db_instance" && from.Body.Get("replicate_source_db").Unset() {
			return restored(from, own, "snapshot_identifier", "restore_to_point_in_time")
		}
	}
	return aws.NotKnown[bool]("follows from the source of the replica", source.Pos)
}

func (c *collection) engineOf(source *terraform.Value) aws.Answer[string] {
	links := c.x.Named(source, "aws_db_instance", "aws_rds_cluster")
	if len(links) == 1 && links[0].Reason == "" {
		return aws.Text(links[0].Body, "", "engine")
	}
	return aws.NotKnown[string]("follows from the source of the replica", source.Pos)
}

// keyOf resolves a key argument when asked; owned says what AWS takes where
// none is written: a key of its own, or the service's managed key.
func (c *collection) keyOf(r *terraform.Resource, argument string, owned bool) func() aws.Key {
	return func() aws.Key {
		return c.x.Key(r.Body.Get(argument), r, aws.ManagedKey(owned, r, r.Pos))
	}
}

// publicAddress reads publicly_accessible, which is off by default.
func publicAddress(r *terraform.Resource) (aws.Answer[bool], aws.Answer[[]string]) {
	on := aws.Bool(r.Body, false, "publicly_accessible")
	return on, aws.Then(on, func(yes bool) []string {
		if yes {
			return []string{"publicly_accessible"}
		}
		return []string{}
	})
}

// replicaCountries gives where the replicas that name a store stand.
func (c *collection) replicaCountries(r *terraform.Resource, typ, argument string) aws.Answer[[]string] {
	out := aws.Default([]string{}, r.Pos)
	for _, l := range c.x.Attached(r, typ, argument) {
		if l.Reason != "" {
			return aws.NotKnown[[]string](l.Reason, l.Pos)
		}
		country := aws.Country(aws.Region(l.Resource))
		out = aws.Union(out, aws.Then(country, func(s string) []string { return []string{s} }))
	}
	return out
}

// rdsCluster reads aws_rds_cluster. Where storage_encrypted is not written,
// Amazon Aurora encrypts clusters made since 18 February 2026 and no earlier ones
// (Aurora User Guide, "Encrypting Amazon Aurora resources"), so that the
// configuration does not say it.
func (c *collection) rdsCluster(r *terraform.Resource) {
	s := c.cluster(r, "rds", "storage_encrypted", "kms_key_id")
	mode := aws.Text(r.Body, "provisioned", "engine_mode")
	if v := r.Body.Get("storage_encrypted"); v.Unset() {
		encrypted := aws.NotKnown[bool]("not written: Aurora encrypts clusters made since 2026-02-18, not earlier ones", r.Pos)
		switch {
		case mode.Known() && mode.Value == "serverless":
			encrypted = aws.Default(true, r.Pos)
		case s.engine.Known() && !strings.HasPrefix(s.engine.Value, "aurora"):
			encrypted = restored(r, aws.Default(false, r.Pos), "snapshot_identifier", "restore_to_point_in_time", "replication_source_identifier")
		}
		s.encrypt(encrypted, "aws:kms", c.keyOf(r, "kms_key_id", false))
	}
	s.public, s.publicBy = c.publicMembers(r, "aws_rds_cluster_instance")
	s.replicas = aws.Union(c.replicaCountries(r, "aws_rds_cluster", "replication_source_identifier"), c.globalMembers(r))
	c.backups(s, aws.Int(r.Body, 1, "backup_retention_period"), r)
}

// cluster reads what clusters have in common.
func (c *collection) cluster(r *terraform.Resource, product, encrypted, key string) *store {
	s := c.add(r.Address, "database", product, r)
	s.engine, s.version = aws.Text(r.Body, "", "engine"), aws.Text(r.Body, "", "engine_version")
	s.name = aws.Text(r.Body, "", "cluster_identifier")
	on := aws.Bool(r.Body, false, encrypted)
	if on.Default {
		on = restored(r, on, "snapshot_identifier", "restore_to_point_in_time", "replication_source_identifier")
	}
	s.encrypt(on, "aws:kms", c.keyOf(r, key, false))
	return s
}

// publicMembers is true if an instance of the cluster has a public address.
func (c *collection) publicMembers(r *terraform.Resource, typ string) (aws.Answer[bool], aws.Answer[[]string]) {
	public, by := aws.Default(false, r.Pos), aws.Default([]string{}, r.Pos)
	for _, l := range c.x.Attached(r, typ, "cluster_identifier") {
		on, why := publicAddress(l.Resource)
		if l.Reason != "" && !(on.Known() && !on.Value) {
			on, why = aws.NotKnown[bool](l.Reason, l.Pos), aws.NotKnown[[]string](l.Reason, l.Pos)
		}
		public, by = aws.Or(public, on), aws.Union(by, why)
	}
	return public, by
}

// globalMembers gives the countries of the other clusters of a global database.
func (c *collection) globalMembers(r *terraform.Resource) aws.Answer[[]string] {
	global := r.Body.Get("global_cluster_identifier")
	if global.Unset() {
		return aws.Default([]string{}, r.Pos)
	}
	links := c.x.Named(global, "aws_rds_global_cluster", "aws_docdb_global_cluster", "aws_neptune_global_cluster")
	if len(links) != 1 || links[0].Reason != "" {
		return aws.NotKnown[[]string]("member of a global database that is managed elsewhere", global.Pos)
	}
	out := aws.Declared([]string{}, global.Pos)
	for _, l := range c.x.Attached(links[0].Resource, r.Type, "global_cluster_identifier") {
		switch {
		case l.Address == r.Address:
		case l.Reason != "":
			return aws.NotKnown[[]string](l.Reason, l.Pos)
		default:
			country := aws.Country(aws.Region(l.Resource))
			out = aws.Union(out, aws.Then(country, func(s string) []string { return []string{s} }))
		}
	}
	return out
}

// docdbCluster reads aws_docdb_cluster: not encrypted and one day of backups by
// default, never with a public address.
func (c *collection) docdbCluster(r *terraform.Resource) {
	s := c.cluster(r, "documentdb", "storage_encrypted", "kms_key_id")
	s.engine = aws.Text(r.Body, "docdb", "engine")
	s.replicas = c.globalMembers(r)
	c.backups(s, aws.Int(r.Body, 1, "backup_retention_period"), r)
}

// neptuneCluster reads aws_neptune_cluster, with the same defaults.
func (c *collection) neptuneCluster(r *terraform.Resource) {
	s := c.cluster(r, "neptune", "storage_encrypted", "kms_key_arn")
	s.engine = aws.Text(r.Body, "neptune", "engine")
	s.public, s.publicBy = c.publicMembers(r, "aws_neptune_cluster_instance")
	s.replicas = aws.Union(c.replicaCountries(r, "aws_neptune_cluster", "replication_source_identifier"), c.globalMembers(r))
	c.backups(s, aws.Int(r.Body, 1, "backup_retention_period"), r)
}

// redshiftCluster reads aws_redshift_cluster. Version 6 of the provider turned
// two defaults round (encrypted off to on, publicly_accessible on to off), so
// that where they are not written the configuration does not say them.
func (c *collection) redshiftCluster(r *terraform.Resource) {
	s := c.add(r.Address, "database", "redshift", r)
	s.name, s.version = aws.Text(r.Body, "", "cluster_identifier"), aws.Text(r.Body, "", "cluster_version")
	const turned = "not written, and the default depends on the provider's version"
	encrypted := aws.Bool(r.Body, false, "encrypted")
	if encrypted.Default {
		encrypted = aws.NotKnown[bool](turned, r.Pos)
	}
	s.encrypt(encrypted, "aws:kms", c.keyOf(r, "kms_key_id", false))
	s.public, s.publicBy = publicAddress(r)
	if s.public.Default {
		s.public, s.publicBy = aws.NotKnown[bool](turned, r.Pos), aws.NotKnown[[]string](turned, r.Pos)
	}
	s.replicas = c.snapshotCopies(r)
	if b := c.backups(s, aws.Int(r.Body, 1, "automated_snapshot_retention_period"), r); b != nil {
		b.replicas = s.replicas
	}
}

// snapshotCopies gives the country that Redshift copies snapshots to.
func (c *collection) snapshotCopies(r *terraform.Resource) aws.Answer[[]string] {
	out := aws.Default([]string{}, r.Pos)
	to := func(region aws.Answer[string]) {
		out = aws.Union(out, aws.Then(aws.Country(region), func(s string) []string { return []string{s} }))
	}
	block := aws.Block(r.Body, "snapshot_copy")
	if block.Kind == terraform.Unknown {
		return aws.Unknown[[]string](block)
	}
	if !block.Unset() {
		to(aws.Text(block, "", "destination_region"))
	}
	for _, l := range c.x.Attached(r, "aws_redshift_snapshot_copy", "cluster_identifier") {
		if l.Reason != "" {
			return aws.NotKnown[[]string](l.Reason, l.Pos)
		}
		to(aws.Text(l.Body, "", "destination_region"))
	}
	return out
}
