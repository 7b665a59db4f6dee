package logs

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// googleReaders reads what writes or keeps logs in Google Cloud.
var googleReaders = map[string]func(*collection, *terraform.Resource){
	"google_logging_project_bucket_config":         (*collection).logBucket,
	"google_logging_folder_bucket_config":          (*collection).logBucket,
	"google_logging_organization_bucket_config":    (*collection).logBucket,
	"google_logging_billing_account_bucket_config": (*collection).logBucket,
	"google_logging_project_sink":                  (*collection).sink,
	"google_logging_folder_sink":                   (*collection).sink,
	"google_logging_organization_sink":             (*collection).sink,
	"google_logging_billing_account_sink":          (*collection).sink,
	"google_project_iam_audit_config":              (*collection).auditConfig,
	"google_folder_iam_audit_config":               (*collection).auditConfig,
	"google_organization_iam_audit_config":         (*collection).auditConfig,
	"google_compute_subnetwork":                    (*collection).subnetFlows,
	"google_compute_firewall":                      (*collection).firewallLog,
	"google_compute_backend_service":               (*collection).backendLog,
	"google_compute_region_backend_service":        (*collection).backendLog,
	"google_storage_bucket":                        (*collection).gcsUsage,
	"google_sql_database_instance":                 (*collection).cloudSQL,
	"google_container_cluster":                     (*collection).gke,
	"google_cloud_run_v2_service":                  (*collection).gcpService,
	"google_cloud_run_service":                     (*collection).gcpService,
	"google_cloudfunctions_function":               (*collection).gcpService,
	"google_cloudfunctions2_function":              (*collection).gcpService,
}

// googleUnmodelled are the types that write or keep logs and are not read.
var googleUnmodelled = []string{
	"google_alloydb_instance", "google_apigee_environment", "google_app_engine_flexible_app_version", "google_app_engine_standard_app_version",
	"google_cloudbuild_trigger", "google_composer_environment", "google_compute_router_nat", "google_dataproc_cluster", "google_dns_policy",
	"google_logging_linked_dataset", "google_network_management_vpc_flow_logs_config", "google_network_management_organization_vpc_flow_logs_config",
	"google_network_services_edge_cache_service", "google_network_services_gateway", "google_workflows_workflow",
}

func (c *collection) googleIndex() google.Index { return google.Index{Index: c.x} }

// Retention of log buckets (Cloud Logging documentation, "Routing and storage
// overview"): _Required keeps 400 days, which nothing changes; every other bucket
// 30 days unless it says otherwise.
const (
	requiredDays = 400
	logDays      = 30
)

// logBucket reads a log bucket. Entries can be added to it and not changed.
func (c *collection) logBucket(r *terraform.Resource) {
	if c.byID[r.Address] != nil {
		return
	}
	s := c.add(r.Address, "cloud_group", "cloud_logging", r.Pos)
	s.name, s.appendOnly = aws.Text(r.Body, "", "bucket_id"), aws.Default(true, r.Pos)
	days := aws.Int(r.Body, logDays, "retention_days")
	if days.Known() && days.Value == 0 {
		days.Value = logDays
	}
	locked := aws.Bool(r.Body, false, "locked")
	switch {
	case !s.name.Known():
		days, locked = aws.NotKnown[int](s.name.Reason, s.name.Pos), aws.NotKnown[bool](s.name.Reason, s.name.Pos)
	case s.name.Value == "_Required":
		days, locked = aws.Default(requiredDays, r.Pos), aws.Default(true, r.Pos)
	}
	s.least, s.most = days, days
	switch {
	case !locked.Known():
		s.lockDays = aws.NotKnown[int](locked.Reason, locked.Pos)
	case locked.Value:
		s.lockDays = days
	}
	block := aws.Block(r.Body, "cmek_settings")
	switch {
	case block.Kind == terraform.Unknown:
		s.key = aws.Unknown[string](block)
	case !block.Unset():
		s.key = c.googleIndex().Key(block.Get("kms_key_name"), google.ManagedKey(aws.Text(r.Body, "", "location"), r.Pos)).Manager
	}
}

// defaultBucket gives the log bucket that a project's logs go to: _Default, which
// the root may configure. It is there also where nobody does.
func (c *collection) defaultBucket(r *terraform.Resource) aws.Answer[[]string] {
	project := google.Project(r)
	maybe := ""
	for _, b := range c.x.OfType("google_logging_project_bucket_config") {
		name, own := aws.Text(b.Body, "", "bucket_id"), google.Project(b)
		same := own.Known() && project.Known() && google.BaseName(own.Value) == project.Value || !own.Known() && !project.Known() && aws.SameProvider(b, r)
		switch {
		case name.Known() && name.Value != "_Default":
		case name.Known() && same && b.KnownCount:
			c.logBucket(b)
			return aws.Declared([]string{c.x.Reference(b.Address)}, r.Pos)
		case own.Known() && project.Known() && google.BaseName(own.Value) != project.Value:
		default:
			maybe = "whether " + b.Address + " is the project's default log bucket is not known"
		}
	}
	if maybe != "" {
		return aws.NotKnown[[]string](maybe, r.Pos)
	}
	id := "_Default"
	if project.Known() {
		id = "projects/" + project.Value + "/_Default"
	}
	if c.byID[id] == nil {
		s := c.add(id, "cloud_group", "cloud_logging", r.Pos)
		s.name, s.appendOnly = aws.Default("_Default", r.Pos), aws.Default(true, r.Pos)
		s.least, s.most = aws.Default(logDays, r.Pos), aws.Default(logDays, r.Pos)
	}
	return aws.Declared([]string{c.x.Reference(id)}, r.Pos)
}

// gcpSource starts a source of Google Cloud that writes to the default bucket.
func (c *collection) gcpSource(id, of, typ, product, category string, r *terraform.Resource) *source {
	s := newSource(id, of, typ, product, category, r)
	s.provider = "gcp"
	s.stores = c.defaultBucket(r)
	return s
}

// sink reads a log sink, a source that copies what its filter takes. Filters are
// not evaluated, so what the entries hold is not known.
func (c *collection) sink(r *terraform.Resource) {
	s := newSource(r.Address, "", "other", "cloud_logging_sink", "unknown", r)
	s.provider = "gcp"
	s.enabled = aws.Not(aws.Bool(r.Body, false, "disabled"))
	s.settings["filter"] = aws.Text(r.Body, "", "filter")
	s.fieldsUnknown = aws.NotKnown[bool]("what the entries hold that it takes is not known", r.Pos)
	s.stores = c.sinkStores(r)
	c.put(s)
}

// sinkStores gives the store that a sink's destination names.
func (c *collection) sinkStores(r *terraform.Resource) aws.Answer[[]string] {
	v := r.Body.Get("destination")
	if v.Unset() {
		return aws.NotKnown[[]string]("no destination is written", r.Pos)
	}
	head, rest, refs := destination(v)
	whole := &terraform.Value{Kind: terraform.String, Text: rest, Pos: v.Pos}
	if rest == "" {
		whole = &terraform.Value{Kind: terraform.Unknown, Reason: v.Reason, Refs: refs, Direct: len(refs) == 1, Pos: v.Pos}
	}
	switch {
	case head == "storage.googleapis.com":
		return c.gcsAt(r, whole, aws.Default("", r.Pos), "bucket")
	case head == "bigquery.googleapis.com":
		return c.datasetAt(r, whole)
	case head == "pubsub.googleapis.com":
		return c.foreignGCP(r, whole, "google_pubsub_topic", "topic", "pubsub", "the topic's subscribers keep what it holds")
	case head == "logging.googleapis.com":
		return c.logBucketAt(r, whole)
	}
	return aws.NotKnown[[]string]("what the destination is, is not known: "+v.Reason, v.Pos)
}

// destination cuts a sink's destination into the service and the path; where the
// path is not known, the references that stand in it.
func destination(v *terraform.Value) (head, rest string, refs []terraform.Ref) {
	text := ""
	switch {
	case v.Kind == terraform.String:
		text = v.Text
	case len(v.Parts) > 0 && v.Parts[0].Kind == terraform.String:
		text = v.Parts[0].Text
	}
	head, rest, _ = strings.Cut(text, "/")
	if v.Kind != terraform.String {
		rest = ""
	}
	return head, rest, v.Refs
}

// foreignGCP gives the store of a resource that a value names, or adds one for
// what is managed elsewhere; of either the life of entries is not known here.
func (c *collection) foreignGCP(r *terraform.Resource, v *terraform.Value, of, typ, product, reason string) aws.Answer[[]string] {
	named := c.googleIndex().Named(v, of)
	id := r.Address + "/store/" + product
	name := aws.Declared(google.BaseName(v.Text), v.Pos)
	switch {
	case len(named) == 1 && named[0].Reason == "":
		id, name = named[0].Address, aws.Text(named[0].Body, "", "name")
	case len(named) > 0:
		return aws.NotKnown[[]string](named[0].Reason+" "+named[0].Address, v.Pos)
	case v.Kind == terraform.Unknown:
		name = aws.Unknown[string](v)
	}
	if c.byID[id] == nil {
		s := c.add(id, typ, product, r.Pos)
		s.name = name
		s.elsewhere(reason)
	}
	return aws.Declared([]string{c.x.Reference(id)}, v.Pos)
}

// logBucketAt gives the log bucket that a sink writes to.
func (c *collection) logBucketAt(r *terraform.Resource, v *terraform.Value) aws.Answer[[]string] {
	types := []string{"google_logging_project_bucket_config", "google_logging_folder_bucket_config", "google_logging_organization_bucket_config",
		"google_logging_billing_account_bucket_config"}
	named := c.googleIndex().Named(v, types...)
	if len(named) == 1 && named[0].Reason == "" {
		c.logBucket(named[0].Resource)
		return aws.Declared([]string{c.x.Reference(named[0].Address)}, v.Pos)
	}
	return c.foreignGCP(r, v, types[0], "cloud_group", "cloud_logging", "the log bucket is managed elsewhere")
}

// datasetAt gives the dataset that a sink writes tables to. Tables end after the
// dataset's default expiration; partitions may end sooner.
func (c *collection) datasetAt(r *terraform.Resource, v *terraform.Value) aws.Answer[[]string] {
	named := c.googleIndex().Named(v, "google_bigquery_dataset")
	if len(named) != 1 || named[0].Reason != "" {
		return c.foreignGCP(r, v, "google_bigquery_dataset", "table", "bigquery", "the dataset is managed elsewhere")
	}
	d := named[0].Resource
	if c.byID[d.Address] == nil {
		s := c.add(d.Address, "table", "bigquery", d.Pos)
		s.name = aws.Text(d.Body, "", "dataset_id")
		tables, parts := aws.Int(d.Body, 0, "default_table_expiration_ms"), aws.Int(d.Body, 0, "default_partition_expiration_ms")
		days := aws.Answer[int]{Value: fact.Unbounded, Default: tables.Default, Pos: tables.Pos}
		switch {
		case !tables.Known():
			days = tables
		case !parts.Known():
			days = parts
		case tables.Value > 0:
			days.Value = google.Whole(tables.Value / 1000)
		}
		if parts.Known() && parts.Value > 0 {
			days = aws.NotKnown[int]("partitions end after another time than tables, and which the sink writes is not followed", parts.Pos)
		}
		s.least, s.most = days, days
		block := aws.Block(d.Body, "default_encryption_configuration")
		s.key = c.googleIndex().Key(block.Get("kms_key_name"), google.ManagedKey(aws.Text(d.Body, "us", "location"), d.Pos)).Manager
	}
	return aws.Declared([]string{c.x.Reference(d.Address)}, v.Pos)
}

// googleCopies fills remote of the default bucket: where the project's sinks copy
// all entries to. Of one with a filter what it copies is not known.
func (c *collection) googleCopies() {
	for _, r := range c.x.OfType("google_logging_project_sink") {
		ref := c.defaultBucketOf(r)
		if ref == nil {
			continue
		}
		filter, off := aws.Text(r.Body, "", "filter"), aws.Bool(r.Body, false, "disabled")
		to := c.sinkStores(r)
		switch {
		case off.Known() && off.Value:
			continue
		case !off.Known() || !filter.Known() || filter.Value != "" || !r.KnownCount:
			to = aws.NotKnown[[]string](r.Address+" copies some of the entries, and which is not known", r.Pos)
		}
		ref.remote = aws.Union(ref.remote, to)
	}
}

// defaultBucketOf is the default log bucket of a sink's project, nil if it is no
// store here.
func (c *collection) defaultBucketOf(r *terraform.Resource) *store {
	project := google.Project(r)
	for _, s := range c.stores {
		if !s.name.Known() || s.name.Value != "_Default" {
			continue
		}
		b := c.x.Resource(s.id)
		switch {
		case b == nil && (s.id == "_Default" && !project.Known() || project.Known() && s.id == "projects/"+project.Value+"/_Default"):
			return s
		case b != nil:
			if own := google.Project(b); own.Known() && project.Known() && google.BaseName(own.Value) == project.Value || !own.Known() && !project.Known() {
				return s
			}
		}
	}
	return nil
}
