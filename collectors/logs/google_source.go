package logs

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// auditConfig reads which data access audit logs of a service are kept. Logs of
// what administrators change are always on and have no setting.
func (c *collection) auditConfig(r *terraform.Resource) {
	s := c.gcpSource(r.Address, "", "audit_trail", "cloud_audit_logs", "security_audit", r).records("client_address", "user_name")
	if r.Type != "google_project_iam_audit_config" {
		s.stores = aws.NotKnown[[]string]("each project has a log bucket of its own", r.Pos)
	}
	s.settings["service"] = aws.Text(r.Body, "", "service")
	blocks, reason := aws.Blocks(r.Body, "audit_log_config")
	types, exempt := []string{}, []string{}
	for _, b := range blocks {
		kind, members := aws.Text(b, "", "log_type"), aws.Texts(b, "exempted_members")
		if b.Kind == terraform.Unknown || !kind.Known() || !members.Known() {
			reason = b.Reason + kind.Reason + members.Reason
			continue
		}
		types = append(types, kind.Value)
		exempt = append(exempt, members.Value...)
	}
	s.settings["log_types"] = aws.Declared(strings.Join(types, ","), r.Pos)
	s.settings["exempted_members"] = aws.Declared(strings.Join(exempt, ","), r.Pos)
	if reason != "" {
		s.settings["log_types"], s.settings["exempted_members"] = aws.NotKnown[string](reason, r.Pos), aws.NotKnown[string](reason, r.Pos)
	}
	c.put(s)
}

// subnetFlows reads the flow log of a subnet, none unless configured: always a
// sample.
func (c *collection) subnetFlows(r *terraform.Resource) {
	block := aws.Block(r.Body, "log_config")
	if old := aws.Bool(r.Body, false, "enable_flow_logs"); block.Unset() && old.Known() && !old.Value {
		return
	}
	s := c.gcpSource(r.Address+"/log_config", r.Address, "network", "vpc_flow_log", "network_flow", r).records("client_address")
	if block.Kind == terraform.Unknown {
		s.enabled, s.settingsUnknown = aws.Unknown[bool](block), aws.Unknown[bool](block)
		c.put(s)
		return
	}
	if !block.Unset() {
		s.at = block.Pos
	}
	for name, absent := range map[string]string{
		"flow_sampling": "0.5", "aggregation_interval": "INTERVAL_5_SEC", "metadata": "INCLUDE_ALL_METADATA", "filter_expr": "true",
	} {
		s.settings[name] = aws.Text(block, absent, name)
	}
	s.enabled = google.FlowLogged(r)
	c.put(s)
}

// firewallLog reads the log of a firewall rule, off unless configured.
func (c *collection) firewallLog(r *terraform.Resource) {
	block := aws.Block(r.Body, "log_config")
	if block.Unset() {
		return
	}
	s := c.gcpSource(r.Address+"/log_config", r.Address, "network", "firewall_log", "network_flow", r).records("client_address")
	if block.Kind == terraform.Unknown {
		s.enabled = aws.Unknown[bool](block)
	} else {
		s.at = block.Pos
	}
	s.settings["metadata"] = aws.Text(block, "", "metadata")
	c.put(s)
}

// backendLog reads the request log of a backend service, off unless enabled; it
// holds addresses and whole URLs.
func (c *collection) backendLog(r *terraform.Resource) {
	block := aws.Block(r.Body, "log_config")
	if block.Unset() {
		return
	}
	s := c.gcpSource(r.Address+"/log_config", r.Address, "load_balancer", "cloud_load_balancing", "app_access", r).records("client_address", "query_string")
	if block.Kind == terraform.Unknown {
		s.enabled, s.settingsUnknown = aws.Unknown[bool](block), aws.Unknown[bool](block)
		c.put(s)
		return
	}
	s.at, s.enabled = block.Pos, aws.Bool(block, false, "enable")
	s.settings["sample_rate"] = aws.Text(block, "1", "sample_rate")
	c.put(s)
}

// gcsUsage reads the usage log of a bucket, which goes to another bucket.
func (c *collection) gcsUsage(r *terraform.Resource) {
	block := aws.Block(r.Body, "logging")
	if block.Unset() {
		return
	}
	s := newSource(r.Address+"/logging", r.Address, "object_store", "gcs", "app_access", r).records("client_address", "user_name", "query_string")
	s.provider = "gcp"
	if block.Kind == terraform.Unknown {
		s.enabled, s.stores = aws.Unknown[bool](block), aws.Unknown[[]string](block)
		c.put(s)
		return
	}
	s.at = block.Pos
	prefix := aws.Text(block, "", "log_object_prefix")
	if prefix.Default { // the service then takes the bucket's name
		prefix = aws.Text(r.Body, "", "name")
		prefix.Default = true
	}
	s.stores = c.gcsAt(r, block.Get("log_bucket"), prefix, "bucket")
	c.put(s)
}

// gcsAt gives the store of a bucket and prefix; a bucket that is managed elsewhere
// becomes a store of its own.
func (c *collection) gcsAt(r *terraform.Resource, v *terraform.Value, prefix aws.Answer[string], suffix string) aws.Answer[[]string] {
	named := c.googleIndex().Named(v, "google_storage_bucket")
	if len(named) != 1 || named[0].Reason != "" {
		return c.foreignGCP(r, v, "google_storage_bucket", "object", "gcs", "the bucket is managed elsewhere")
	}
	b := c.googleIndex().Bucket(named[0].Resource)
	id := b.Address
	switch {
	case !prefix.Known():
		id += "/?"
	case strings.Trim(prefix.Value, "/") != "":
		id += "/" + strings.Trim(prefix.Value, "/")
	}
	if c.byID[id] == nil {
		s := c.add(id, "object", "gcs", b.Pos)
		s.name, s.versioned, s.lockDays = aws.Text(b.Body, "", "name"), b.Versioned(), b.LockDays()
		s.object = b.Lifecycle(prefix)
		s.most, s.least = b.Lifetime(prefix), s.object.Earliest
		if !s.lockDays.Known() || s.least.Known() && s.lockDays.Value > s.least.Value {
			s.least = s.lockDays
		}
		s.key = b.Key().Manager
	}
	return aws.Declared([]string{c.x.Reference(id)}, v.Pos)
}

// cloudFlags are the flags that decide what a database writes, with the defaults
// of Cloud SQL (its lists of database flags; those of PostgreSQL are the engine's
// own). Read second-hand.
var cloudFlags = map[string][]struct{ name, absent string }{
	"postgres": {
		{"log_statement", "none"}, {"log_min_duration_statement", "-1"}, {"log_connections", "off"}, {"log_disconnections", "off"},
		{"log_min_error_statement", "error"}, {"log_min_messages", "warning"}, {"cloudsql.enable_pgaudit", "off"}, {"pgaudit.log", "none"},
		{"log_hostname", "off"},
	},
	"mysql": {{"general_log", "off"}, {"slow_query_log", "off"}, {"log_output", "FILE"}, {"cloudsql_mysql_audit", "off"}},
}

// cloudSQL reads what a Cloud SQL database writes to the log.
func (c *collection) cloudSQL(r *terraform.Resource) {
	s := c.gcpSource(r.Address, r.Address, "database", "cloudsql", "db_statement", r)
	engine, _ := google.Engine(r)
	table := cloudFlags[engine.Value]
	flags, reason := google.Flags(r)
	switch {
	case !engine.Known() || table == nil:
		if engine.Known() {
			reason = "engine " + engine.Value + " is not in the table"
		} else {
			reason = engine.Reason
		}
		s.fieldsUnknown, s.settingsUnknown = aws.NotKnown[bool](reason, engine.Pos), aws.NotKnown[bool](reason, engine.Pos)
		c.put(s)
		return
	case reason != "":
		s.fieldsUnknown, s.settingsUnknown = aws.NotKnown[bool](reason, r.Pos), aws.NotKnown[bool](reason, r.Pos)
		c.put(s)
		return
	}
	for _, one := range table {
		if v, written := flags[one.name]; written {
			s.settings[one.name] = v
		} else {
			s.settings[one.name] = aws.Default(one.absent, r.Pos)
		}
	}
	c.cloudStatements(s, engine.Value)
	c.put(s)
}

// cloudStatements derives which personal parts the log holds. What pgaudit is told
// to log counts only where it is enabled.
func (c *collection) cloudStatements(s *source, engine string) {
	on := func(name string, off ...string) aws.Answer[bool] {
		return aws.Then(s.settings[name], func(v string) bool {
			for _, o := range append(off, "off", "0", "none", "false") {
				if strings.EqualFold(v, o) {
					return false
				}
			}
			return true
		})
	}
	var statement, login aws.Answer[bool]
	if engine == "postgres" {
		audit := aws.And(on("cloudsql.enable_pgaudit"), on("pgaudit.log"))
		if enabled := on("cloudsql.enable_pgaudit"); enabled.Known() && !enabled.Value {
			s.settings["pgaudit.log"] = aws.Default("none", enabled.Pos)
		} else if !enabled.Known() {
			s.settings["pgaudit.log"] = aws.NotKnown[string](enabled.Reason, enabled.Pos)
		}
		duration := aws.Then(s.settings["log_min_duration_statement"], func(v string) bool { return v != "-1" })
		statement = aws.Or(aws.Or(on("log_statement", "ddl"), duration), aws.Or(on("log_min_error_statement", "panic", "fatal", "log"), audit))
		login = on("log_connections")
	} else {
		statement = aws.Or(on("general_log"), aws.Or(on("slow_query_log"), on("cloudsql_mysql_audit")))
		login = aws.Or(on("general_log"), on("cloudsql_mysql_audit"))
	}
	for _, one := range []struct {
		is     aws.Answer[bool]
		fields []string
	}{{statement, []string{"statement", "parameters"}}, {login, []string{"user_name", "client_address"}}} {
		switch {
		case !one.is.Known():
			s.fieldsUnknown = aws.NotKnown[bool](one.is.Reason, one.is.Pos)
		case one.is.Value:
			s.records(one.fields...)
		}
	}
}

// gke reads the logs of a GKE cluster. Its audit log is part of the project's;
// which of the cluster's components log besides, the cluster says.
func (c *collection) gke(r *terraform.Resource) {
	s := c.gcpSource(r.Address, r.Address, "cluster_api", "gke", "security_audit", r).records("client_address", "user_name")
	s.settings["logging_service"] = aws.Text(r.Body, "logging.googleapis.com/kubernetes", "logging_service")
	block := aws.Block(r.Body, "logging_config")
	components := aws.Texts(block, "enable_components")
	switch {
	case block.Kind == terraform.Unknown:
		components = aws.Unknown[[]string](block)
	case block.Unset():
		components = aws.NotKnown[[]string]("the components are not written, and the default is not in the table", r.Pos)
	}
	s.settings["enable_components"] = aws.Then(components, func(list []string) string { return strings.Join(list, ",") })
	c.put(s)
}

// gcpService reads the log of a service or function that Google runs, which goes
// to the project's log bucket by itself.
func (c *collection) gcpService(r *terraform.Resource) {
	product := "cloud_run"
	if strings.Contains(r.Type, "functions") {
		product = "cloud_functions"
	}
	c.put(c.gcpSource(r.Address, r.Address, "function", product, "application", r))
}
