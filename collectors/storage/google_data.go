package storage

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// bigquery reads google_bigquery_dataset: in the US unless it says otherwise, and
// without an end of its tables. Deleted rows can be read for as long as time
// travel lasts, seven days by default (BigQuery documentation, "Time travel").
func (c *collection) bigquery(r *terraform.Resource) {
	written := aws.Text(r.Body, "us", "location")
	s := c.gcp(r.Address, "database", "bigquery", r, aws.Then(written, strings.ToLower))
	s.name = aws.Text(r.Body, "", "dataset_id")
	s.encryptGCP(c.keyGCP(r.Body, s.region, r.Pos, "default_encryption_configuration", "kms_key_name"))
	s.ttl = bigqueryLife(r)
	s.public, s.publicBy = c.bigqueryOpen(r)
}

func bigqueryLife(r *terraform.Resource) aws.Answer[int] {
	tables, travel := aws.Int(r.Body, 0, "default_table_expiration_ms"), aws.Int(r.Body, 168, "max_time_travel_hours")
	switch {
	case !tables.Known():
		return tables
	case tables.Value <= 0:
		return aws.Answer[int]{Value: fact.Unbounded, Default: tables.Default, Pos: tables.Pos}
	case !travel.Known():
		return travel
	}
	return aws.Declared(google.Whole(tables.Value/1000)+google.Whole(travel.Value*3600), tables.Pos)
}

// bigqueryOpen judges who may read a dataset: its access blocks, single entries
// that are resources of their own, and roles on it and on its tables.
func (c *collection) bigqueryOpen(r *terraform.Resource) (aws.Answer[bool], aws.Answer[[]string]) {
	open, by := aws.Default(false, r.Pos), []string{}
	add := func(one aws.Answer[bool], text, reason string) {
		switch {
		case !one.Known() || !one.Value:
		case reason != "":
			one = aws.NotKnown[bool](reason, one.Pos)
		default:
			by = append(by, text)
		}
		open = aws.Or(open, one)
	}
	entry := func(body *terraform.Value) aws.Answer[bool] {
		if body.Kind == terraform.Unknown {
			return aws.Unknown[bool](body)
		}
		group := aws.Then(aws.Text(body, "", "special_group"), func(g string) bool { return g == "allAuthenticatedUsers" })
		member := aws.Then(aws.Text(body, "", "iam_member"), func(m string) bool { return m == "allUsers" || m == "allAuthenticatedUsers" })
		return aws.Or(group, member)
	}
	blocks, reason := aws.Blocks(r.Body, "access")
	for _, b := range blocks {
		add(entry(b), r.Address+" access", "")
	}
	if reason != "" {
		open = aws.Or(open, aws.NotKnown[bool](reason, r.Pos))
	}
	for _, l := range c.google().Attached(r, "google_bigquery_dataset_access", "dataset_id") {
		add(entry(l.Body), l.Address, l.Reason)
	}
	for _, typ := range []string{"google_bigquery_dataset_iam_member", "google_bigquery_dataset_iam_binding", "google_bigquery_dataset_iam_policy",
		"google_bigquery_table_iam_member", "google_bigquery_table_iam_binding", "google_bigquery_table_iam_policy"} {
		for _, l := range c.google().Attached(r, typ, "dataset_id") {
			for _, g := range c.google().Grants(l.Resource) {
				add(g.Public(), "grant "+g.ID, l.Reason)
			}
		}
	}
	if !open.Known() {
		return open, aws.NotKnown[[]string](open.Reason, open.Pos)
	}
	return open, aws.Answer[[]string]{Value: by, Default: open.Default, Pos: open.Pos}
}

// spanner reads google_spanner_database, whose instance says where it stands. The
// default backup schedule, if an instance asks for it, keeps backups; how long is
// not in the table.
func (c *collection) spanner(r *terraform.Resource) {
	instance, reason := c.google().The(r.Body.Get("instance"), "google_spanner_instance")
	location := aws.NotKnown[string](reason, r.Pos)
	if instance != nil {
		location = aws.Then(aws.Text(instance.Body, "", "config"), func(config string) string {
			return strings.TrimPrefix(google.BaseName(config), "regional-")
		})
	}
	s := c.gcp(r.Address, "database", "spanner", r, location)
	s.name = aws.Text(r.Body, "", "name")
	key := c.keyGCP(r.Body, location, r.Pos, "encryption_config", "kms_key_name")
	if several := aws.Block(r.Body, "encryption_config").Get("kms_key_names"); !several.Unset() {
		key = aws.UnknownKey("a key for each of several regions", several.Pos)
		key.Manager = aws.Declared("customer", several.Pos)
	}
	s.encryptGCP(key)
	s.retention = aws.Default(0, r.Pos)
	if instance == nil {
		c.backupsGCP(s, aws.NotKnown[int](reason, r.Pos))
		return
	}
	kind := aws.Text(instance.Body, "NONE", "default_backup_schedule_type")
	switch {
	case !kind.Known():
		c.backupsGCP(s, aws.NotKnown[int](kind.Reason, kind.Pos))
	case kind.Value == "AUTOMATIC":
		c.backupsGCP(s, aws.NotKnown[int]("how long the default schedule keeps backups is not in the table", kind.Pos))
	}
}

// gcpSchedule adds the backups that a schedule takes of a database.
func (c *collection) gcpSchedule(r *terraform.Resource, product, database, retention string, types ...string) *store {
	of, from := c.ofGCP(r.Body.Get(database), types...)
	location := aws.NotKnown[string]("follows from the database", r.Pos)
	s := c.gcp(r.Address, "backup", product, r, location)
	s.of, s.retention = of, google.Days(aws.Text(r.Body, "", retention))
	if from != nil {
		s.region, s.country, s.replicas = from.region, from.country, from.replicas
	}
	s.followsGCP(from, "follows from the database")
	return s
}

// spannerBackups reads google_spanner_backup_schedule.
func (c *collection) spannerBackups(r *terraform.Resource) {
	s := c.gcpSchedule(r, "spanner", "database", "retention_duration", "google_spanner_database")
	block := aws.Block(r.Body, "encryption_config")
	kind := aws.Text(block, "USE_DATABASE_ENCRYPTION", "encryption_type")
	switch {
	case block.Kind == terraform.Unknown || !kind.Known():
		s.encryptGCP(aws.UnknownKey(block.Reason+kind.Reason, r.Pos))
	case kind.Value == "GOOGLE_DEFAULT_ENCRYPTION":
		s.encryptGCP(google.ManagedKey(s.region, kind.Pos))
	case kind.Value == "CUSTOMER_MANAGED_ENCRYPTION":
		s.encryptGCP(c.keyGCP(r.Body, s.region, r.Pos, "encryption_config", "kms_key_name"))
	}
}

// firestore reads google_firestore_database.
func (c *collection) firestore(r *terraform.Resource) {
	s := c.gcp(r.Address, "database", "firestore", r, google.Location(r, "location_id"))
	s.name = aws.Text(r.Body, "", "name")
	s.encryptGCP(c.keyGCP(r.Body, s.region, r.Pos, "cmek_config", "kms_key_name"))
}

// firestoreBackups reads google_firestore_backup_schedule.
func (c *collection) firestoreBackups(r *terraform.Resource) {
	c.gcpSchedule(r, "firestore", "database", "retention", "google_firestore_database")
}

// bigtable reads google_bigtable_instance: one copy of the data in each cluster.
// How long cells live is set on the families of its tables.
func (c *collection) bigtable(r *terraform.Resource) {
	clusters, reason := aws.Blocks(r.Body, "cluster")
	s := c.gcp(r.Address, "database", "bigtable", r, aws.NotKnown[string]("no cluster is written", r.Pos))
	s.name = aws.Text(r.Body, "", "name")
	s.ttl = aws.NotKnown[int]("the families of its tables set it", r.Pos)
	s.retention = aws.NotKnown[int]("its tables set it", r.Pos)
	if reason != "" {
		s.region, s.country = aws.NotKnown[string](reason, r.Pos), aws.NotKnown[string](reason, r.Pos)
		s.replicas = aws.NotKnown[[]string](reason, r.Pos)
		s.encryptGCP(aws.UnknownKey(reason, r.Pos))
		return
	}
	s.encryptGCP(google.ManagedKey(s.region, r.Pos))
	for i, cluster := range clusters {
		at := google.Location(&terraform.Resource{Body: cluster, Provider: r.Provider, Pos: cluster.Pos}, "zone")
		if i == 0 {
			s.region, s.country, s.replicas = at, google.Country(at), google.Copies(at)
			s.encryptGCP(c.google().Key(cluster.Get("kms_key_name"), google.ManagedKey(at, cluster.Pos)))
			continue
		}
		s.replicas = aws.Union(s.replicas, google.Countries(at))
		if v := cluster.Get("kms_key_name"); v.Unset() != s.key.Manager.Default {
			s.encryptGCP(aws.UnknownKey("clusters have different keys", cluster.Pos))
		}
	}
	for _, t := range c.google().Attached(r, "google_bigtable_table", "instance_name") {
		c.bigtableBackups(s, t)
	}
}

// bigtableBackups adds the automatic backups of a table.
func (c *collection) bigtableBackups(s *store, t aws.Link) {
	policy := aws.Block(t.Body, "automated_backup_policy")
	if policy.Unset() {
		return
	}
	b := c.gcp(t.Address+"/backups", "backup", "bigtable", t.Resource, s.region)
	b.country, b.replicas = s.country, s.replicas
	b.inherit(s)
	b.of = aws.Declared([]string{c.x.Reference(s.id)}, t.Pos)
	if t.Reason != "" {
		b.of = aws.NotKnown[[]string](t.Reason, t.Pos)
	}
	b.retention = google.Days(aws.Text(policy, "", "retention_period"))
	if policy.Kind == terraform.Unknown {
		b.retention = aws.Unknown[int](policy)
	}
}
