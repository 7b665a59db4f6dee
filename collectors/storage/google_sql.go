package storage

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// cloudSQL reads google_sql_database_instance: a public address unless it says
// otherwise (the provider's default of ipv4_enabled is true), always encrypted.
func (c *collection) cloudSQL(r *terraform.Resource) {
	location := google.Location(r, "region")
	s := c.gcp(r.Address, "database", "cloudsql", r, location)
	s.engine, s.version = google.Engine(r)
	s.name = aws.Text(r.Body, "", "name")
	s.encryptGCP(c.gcpSQLKey(r, location))
	address := google.PublicAddress(r)
	s.public = address
	s.publicBy = aws.Then(address, func(yes bool) []string {
		if yes {
			return []string{"ipv4_enabled"}
		}
		return []string{}
	})
	s.replicas = c.gcpSQLReplicas(r)
	backup := c.backupsGCP(s, c.gcpSQLBackupDays(r))
	if backup == nil {
		return
	}
	settings := aws.Block(r.Body, "settings", "backup_configuration")
	if v := settings.Get("location"); !v.Unset() {
		backup.region = aws.Then(aws.Text(settings, "", "location"), strings.ToLower)
		backup.country, backup.replicas = google.Country(backup.region), google.Copies(backup.region)
		s.replicas = aws.Union(s.replicas, google.Countries(backup.region))
		return
	}
	// Backups go to the multi-region nearest to the instance unless a location is
	// set (Cloud SQL documentation, "About Cloud SQL backups").
	reason := "no location of backups is written: they go to the multi-region nearest to the instance"
	backup.region, backup.country = aws.NotKnown[string](reason, settings.Pos), aws.NotKnown[string](reason, settings.Pos)
	backup.replicas = aws.NotKnown[[]string](reason, settings.Pos)
	for _, at := range []*fact.Position{&backup.region.Pos, &backup.country.Pos, &backup.replicas.Pos} {
		if at.IsZero() {
			*at = r.Pos
		}
	}
}

// gcpSQLKey is the key of an instance: a replica in the region of its source and a
// clone take that of the source.
func (c *collection) gcpSQLKey(r *terraform.Resource, location aws.Answer[string]) aws.Key {
	own := r.Body.Get("encryption_key_name")
	if !own.Unset() {
		return c.google().Key(own, google.ManagedKey(location, r.Pos))
	}
	if clone := aws.Block(r.Body, "clone"); !clone.Unset() {
		return aws.UnknownKey("follows from the instance it is cloned from", clone.Pos)
	}
	source := r.Body.Get("master_instance_name")
	if source.Unset() {
		return google.ManagedKey(location, r.Pos)
	}
	from, reason := c.google().The(source, "google_sql_database_instance")
	if from == nil || from == r || !from.Body.Get("master_instance_name").Unset() {
		return aws.UnknownKey("follows from the source of the replica: "+reason, source.Pos)
	}
	return c.gcpSQLKey(from, location)
}

// gcpSQLReplicas gives where the replicas of an instance stand.
func (c *collection) gcpSQLReplicas(r *terraform.Resource) aws.Answer[[]string] {
	out := aws.Default([]string{}, r.Pos)
	for _, l := range c.google().Attached(r, "google_sql_database_instance", "master_instance_name") {
		if l.Reason != "" {
			return aws.NotKnown[[]string](l.Reason, l.Pos)
		}
		out = aws.Union(out, google.Countries(google.Location(l.Resource, "region")))
	}
	return out
}

// gcpSQLBackupDays reads how long automatic backups are kept. They are daily and
// kept by number: seven in the edition ENTERPRISE, unless the instance says
// otherwise. What instances do that say nothing of backups is not in the table.
func (c *collection) gcpSQLBackupDays(r *terraform.Resource) aws.Answer[int] {
	settings := aws.Block(r.Body, "settings")
	block := aws.Block(settings, "backup_configuration")
	switch {
	case settings.Kind == terraform.Unknown || block.Kind == terraform.Unknown:
		return aws.NotKnown[int](settings.Reason+block.Reason, r.Pos)
	case !r.Body.Get("master_instance_name").Unset() && block.Unset():
		return aws.Default(0, r.Pos) // of a replica there are none
	case block.Unset():
		return aws.NotKnown[int]("whether there are backups is not written", r.Pos)
	}
	on := aws.Bool(block, false, "enabled")
	switch {
	case !on.Known():
		return aws.NotKnown[int](on.Reason, on.Pos)
	case !on.Value:
		return aws.Answer[int]{Value: 0, Default: on.Default, Pos: on.Pos}
	}
	kept := aws.Block(block, "backup_retention_settings")
	if kept.Kind == terraform.Unknown {
		return aws.Unknown[int](kept)
	}
	if kept.Unset() {
		edition := aws.Text(settings, "", "edition")
		switch {
		case !edition.Known():
			return aws.NotKnown[int](edition.Reason, edition.Pos)
		case edition.Value == "ENTERPRISE":
			return aws.Default(7, block.Pos)
		}
		return aws.NotKnown[int]("how many backups are kept is not written, and depends on the edition", block.Pos)
	}
	unit := aws.Text(kept, "COUNT", "retention_unit")
	switch {
	case !unit.Known():
		return aws.NotKnown[int](unit.Reason, unit.Pos)
	case unit.Value != "COUNT":
		return aws.NotKnown[int]("retention unit "+unit.Value+" is not in the table", unit.Pos)
	}
	return aws.Int(kept, 7, "retained_backups")
}

// alloydb reads google_alloydb_cluster. Continuous backups are on, for 14 days,
// unless the cluster says otherwise; automated ones are off.
func (c *collection) alloydb(r *terraform.Resource) {
	location := google.Location(r, "location")
	s := c.gcp(r.Address, "database", "alloydb", r, location)
	s.engine = aws.Default("postgres", r.Pos)
	s.version = aws.Then(aws.Text(r.Body, "", "database_version"), func(v string) string { return strings.TrimPrefix(v, "POSTGRES_") })
	s.name = aws.Text(r.Body, "", "cluster_id")
	s.encryptGCP(c.keyGCP(r.Body, location, r.Pos, "encryption_config", "kms_key_name"))
	for _, l := range c.google().Attached(r, "google_alloydb_instance", "cluster") {
		one := aws.Bool(aws.Block(l.Body, "network_config"), false, "enable_public_ip")
		if block := aws.Block(l.Body, "network_config"); block.Kind == terraform.Unknown {
			one = aws.Unknown[bool](block)
		}
		by := aws.Then(one, func(yes bool) []string {
			if yes {
				return []string{l.Address + " enable_public_ip"}
			}
			return []string{}
		})
		if l.Reason != "" && !(one.Known() && !one.Value) {
			one, by = aws.NotKnown[bool](l.Reason, l.Pos), aws.NotKnown[[]string](l.Reason, l.Pos)
		}
		s.public, s.publicBy = aws.Or(s.public, one), aws.Union(s.publicBy, by)
	}
	for _, other := range c.x.OfType("google_alloydb_cluster") {
		source := aws.Block(other.Body, "secondary_config").Get("primary_cluster_name")
		switch sure, reason := c.google().Names(source, r); {
		case other == r || sure == aws.No:
		case sure == aws.Maybe:
			s.replicas = aws.NotKnown[[]string](reason, other.Pos)
		default:
			s.replicas = aws.Union(s.replicas, google.Countries(google.Location(other, "location")))
		}
	}
	c.backupsGCP(s, alloydbDays(r))
}

func alloydbDays(r *terraform.Resource) aws.Answer[int] {
	continuous, automated := aws.Block(r.Body, "continuous_backup_config"), aws.Block(r.Body, "automated_backup_policy")
	if continuous.Kind == terraform.Unknown || automated.Kind == terraform.Unknown {
		return aws.NotKnown[int](continuous.Reason+automated.Reason, r.Pos)
	}
	days := aws.Default(14, r.Pos)
	if !continuous.Unset() {
		on := aws.Bool(continuous, true, "enabled")
		days = aws.Int(continuous, 14, "recovery_window_days")
		switch {
		case !on.Known():
			return aws.NotKnown[int](on.Reason, on.Pos)
		case !on.Value:
			days = aws.Declared(0, on.Pos)
		}
	}
	if automated.Unset() || !days.Known() {
		return days
	}
	on := aws.Bool(automated, true, "enabled")
	kept := aws.Block(automated, "time_based_retention")
	switch {
	case on.Known() && !on.Value:
		return days
	case !on.Known() || on.Default:
		return aws.NotKnown[int]("whether automated backups are on is not written", automated.Pos)
	case kept.Unset():
		return aws.NotKnown[int]("automated backups are kept by number, or for a time that is not written", automated.Pos)
	}
	by := google.Days(aws.Text(kept, "", "retention_period"))
	if by.Known() && by.Value < days.Value {
		return days
	}
	return by
}

// alloydbBackup reads google_alloydb_backup, which stays until someone deletes it.
func (c *collection) alloydbBackup(r *terraform.Resource) {
	s := c.gcp(r.Address, "backup", "alloydb", r, google.Location(r, "location"))
	s.retention = aws.Default(fact.Unbounded, r.Pos)
	of, from := c.ofGCP(r.Body.Get("cluster_name"), "google_alloydb_cluster")
	s.of = of
	if own := aws.Block(r.Body, "encryption_config"); !own.Unset() {
		s.encryptGCP(c.keyGCP(r.Body, s.region, r.Pos, "encryption_config", "kms_key_name"))
		return
	}
	s.followsGCP(from, "follows from the cluster that is backed up")
}
