package storage

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// snapshot adds a snapshot, which stays until someone deletes it, with the
// encryption of what it was made from.
func (c *collection) snapshot(r *terraform.Resource, product string, source *terraform.Value, types ...string) *store {
	s := c.add(r.Address, "snapshot", product, r)
	s.retention = aws.Default(fact.Unbounded, r.Pos)
	of, from := c.of(source, types...)
	s.of = of
	if from != nil {
		s.engine, s.version = from.engine, from.version
		s.inherit(from)
		return s
	}
	reason := "follows from what the snapshot is made of"
	if !of.Known() {
		reason = of.Reason
	}
	s.encrypt(aws.NotKnown[bool](reason, source.Pos), "", nil)
	return s
}

// ebsSnapshot reads aws_ebs_snapshot. Sharing one is a resource of its own.
func (c *collection) ebsSnapshot(r *terraform.Resource) {
	c.snapshot(r, "ebs", r.Body.Get("volume_id"), "aws_ebs_volume")
}

// dbSnapshot reads the manual snapshots of databases.
func (c *collection) dbSnapshot(r *terraform.Resource) {
	var s *store
	switch r.Type {
	case "aws_db_snapshot":
		s = c.snapshot(r, "rds", r.Body.Get("db_instance_identifier"), "aws_db_instance")
	case "aws_db_cluster_snapshot":
		s = c.snapshot(r, "rds", r.Body.Get("db_cluster_identifier"), "aws_rds_cluster")
	case "aws_docdb_cluster_snapshot":
		s = c.snapshot(r, "documentdb", r.Body.Get("db_cluster_identifier"), "aws_docdb_cluster")
	case "aws_neptune_cluster_snapshot":
		s = c.snapshot(r, "neptune", r.Body.Get("db_cluster_identifier"), "aws_neptune_cluster")
	case "aws_redshift_cluster_snapshot":
		s = c.snapshot(r, "redshift", r.Body.Get("cluster_identifier"), "aws_redshift_cluster")
		if days := aws.Int(r.Body, -1, "manual_snapshot_retention_period"); !days.Known() || days.Value > 0 {
			s.retention = days
		}
	}
	s.public, s.publicBy = shared(r)
}

// shared reports whether a snapshot is shared with every account.
func shared(r *terraform.Resource) (aws.Answer[bool], aws.Answer[[]string]) {
	with := aws.Texts(r.Body, "shared_accounts")
	all := aws.Then(with, func(list []string) bool { return slices.Contains(list, "all") })
	return all, aws.Then(all, func(yes bool) []string {
		if yes {
			return []string{"shared_accounts all"}
		}
		return []string{}
	})
}

// snapshotCopy reads copies of snapshots, which may stand in another region and
// have another key.
func (c *collection) snapshotCopy(r *terraform.Resource) {
	product, argument, types := "ebs", "source_snapshot_id", []string{"aws_ebs_snapshot", "aws_ebs_snapshot_copy"}
	if r.Type == "aws_db_snapshot_copy" {
		product, argument, types = "rds", "source_db_snapshot_identifier", []string{"aws_db_snapshot"}
	}
	s := c.snapshot(r, product, r.Body.Get(argument), types...)
	key := r.Body.Get("kms_key_id")
	on := aws.Bool(r.Body, false, "encrypted")
	if product == "rds" {
		on = aws.Answer[bool]{Value: !key.Unset(), Default: key.Unset(), Pos: r.Pos}
	}
	if on.Known() && on.Value || !on.Known() {
		s.encrypt(on, "aws:kms", func() aws.Key { return c.x.Key(key, r, c.defaultKey(r)) })
	}
	if to := r.Body.Get("destination_region"); !to.Unset() {
		s.region = aws.Text(r.Body, "", "destination_region")
		s.country = aws.Country(s.region)
	}
	if product == "rds" {
		s.public, s.publicBy = shared(r)
	}
}

// backupReplication reads automatic backups of a database that are copied to
// the region of the resource, for seven days by default.
func (c *collection) backupReplication(r *terraform.Resource) {
	s := c.snapshot(r, "rds", r.Body.Get("source_db_instance_arn"), "aws_db_instance")
	s.typ = "backup"
	s.retention = aws.Int(r.Body, 7, "retention_period")
	if s.encrypted.Known() && s.encrypted.Value {
		s.key = c.x.Key(r.Body.Get("kms_key_id"), r, aws.ManagedKey(false, r, r.Pos))
	}
}
