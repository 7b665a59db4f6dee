package logs

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// recorded are the parameters that decide what a database writes, with the
// engine's defaults on RDS; "?" where the default is not in the table.
var recorded = map[string][]struct{ name, absent string }{
	"postgres": {
		{"log_statement", "none"}, {"log_min_duration_statement", "-1"}, {"log_connections", "0"}, {"log_disconnections", "0"},
		{"log_parameter_max_length", "-1"}, {"log_min_error_statement", "error"}, {"log_min_messages", "warning"},
		{"pgaudit.log", "none"}, {"pgaudit.role", ""}, {"rds.log_retention_period", "4320"}, {"log_hostname", "0"},
	},
	"mysql": {{"general_log", "0"}, {"slow_query_log", "0"}, {"log_output", "TABLE"}, {"server_audit_logging", "0"}, {"server_audit_events", ""}},
}

// family returns the table of an engine, "" if there is none.
func family(engine string) string {
	switch {
	case strings.Contains(engine, "postgres"):
		return "postgres"
	case strings.Contains(engine, "mysql"), strings.Contains(engine, "mariadb"), engine == "aurora":
		return "mysql"
	}
	return ""
}

func (c *collection) dbInstance(r *terraform.Resource) {
	p := c.x.Parameters(r.Body.Get("parameter_group_name"), "aws_db_parameter_group", r)
	c.database(r, "rds", aws.Text(r.Body, "", "engine"), p, "/aws/rds/instance/", "identifier")
}

func (c *collection) rdsCluster(r *terraform.Resource) {
	p := c.x.Parameters(r.Body.Get("db_cluster_parameter_group_name"), "aws_rds_cluster_parameter_group", r)
	c.database(r, "rds", aws.Text(r.Body, "", "engine"), p, "/aws/rds/cluster/", "cluster_identifier")
}

func (c *collection) docdbCluster(r *terraform.Resource) {
	p := c.x.Parameters(r.Body.Get("db_cluster_parameter_group_name"), "aws_docdb_cluster_parameter_group", r)
	s := newSource(r.Address, r.Address, "database", "documentdb", "db_statement", r).records("statement", "user_name", "client_address")
	s.settings["audit_logs"] = p.Get("audit_logs", aws.Default("disabled", r.Pos))
	s.settings["profiler"] = p.Get("profiler", aws.Default("disabled", r.Pos))
	s.stores = c.exports(r, "enabled_cloudwatch_logs_exports", "/aws/docdb/", "cluster_identifier")
	c.put(s)
}

func (c *collection) neptuneCluster(r *terraform.Resource) {
	p := c.x.Parameters(r.Body.Get("neptune_cluster_parameter_group_name"), "aws_neptune_cluster_parameter_group", r)
	s := newSource(r.Address, r.Address, "database", "neptune", "db_statement", r).records("statement", "user_name", "client_address")
	s.settings["neptune_enable_audit_log"] = p.Get("neptune_enable_audit_log", aws.Default("0", r.Pos))
	s.stores = c.exports(r, "enable_cloudwatch_logs_exports", "/aws/neptune/", "cluster_identifier")
	c.put(s)
}

// database writes the log of a database of RDS or Aurora, with the settings that
// decide what it holds. Files stay on the instance; those exported go to groups
// that RDS makes, without a retention, if nobody does.
func (c *collection) database(r *terraform.Resource, product string, engine aws.Answer[string], p aws.Parameters, prefix, name string) {
	s := newSource(r.Address, r.Address, "database", product, "db_statement", r)
	table := recorded[family(engine.Value)]
	if !engine.Known() || table == nil {
		reason := "engine " + engine.Value + " is not in the table"
		if !engine.Known() {
			reason = engine.Reason
		}
		s.fieldsUnknown = aws.NotKnown[bool](reason, engine.Pos)
		s.settingsUnknown = s.fieldsUnknown
	}
	for _, one := range table {
		s.settings[one.name] = p.Get(one.name, aws.Default(one.absent, r.Pos))
	}
	c.statements(s, family(engine.Value))
	s.stores = c.exports(r, "enabled_cloudwatch_logs_exports", prefix, name)
	c.put(s)
}

// statements derives which personal parts a database log holds from its settings.
func (c *collection) statements(s *source, family string) {
	on := func(name string, off ...string) aws.Answer[bool] {
		return aws.Then(s.settings[name], func(v string) bool {
			for _, o := range off {
				if strings.EqualFold(v, o) {
					return false
				}
			}
			return true
		})
	}
	var statement, login aws.Answer[bool]
	switch family {
	case "postgres":
		statement = aws.Or(aws.Or(on("log_statement", "none", "ddl"), on("log_min_duration_statement", "-1")), on("log_min_error_statement", "panic", "fatal", "log"))
		login = on("log_connections", "0", "off", "false", "")
	case "mysql":
		statement = aws.Or(on("general_log", "0", "off"), aws.Or(on("slow_query_log", "0", "off"), on("server_audit_logging", "0", "off")))
		login = aws.Or(on("general_log", "0", "off"), on("server_audit_logging", "0", "off"))
	default:
		return
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

// exports gives the groups that a database exports its logs to.
func (c *collection) exports(r *terraform.Resource, argument, prefix, name string) aws.Answer[[]string] {
	types := aws.Texts(r.Body, argument)
	if !types.Known() {
		return types
	}
	out := aws.Answer[[]string]{Value: []string{}, Default: types.Default, Pos: types.Pos}
	for _, t := range types.Value {
		own := aws.Text(r.Body, "", name)
		if own.Default {
			own = aws.NotKnown[string]("the provider makes up the name", r.Pos)
		}
		group := aws.Then(own, func(n string) string { return prefix + n + "/" + t })
		out = aws.Union(out, c.implicit(r, t, group))
	}
	return out
}

// redshiftLogging reads audit logging of aws_redshift_cluster as a resource of
// its own.
func (c *collection) redshiftLogging(r *terraform.Resource) {
	c.redshift(r.Address, c.owner(r.Body.Get("cluster_identifier"), "aws_redshift_cluster"), r, r.Body, aws.Declared(true, r.Pos))
}

// redshiftInline reads the logging block of aws_redshift_cluster; without one,
// and without a resource, there is no audit log.
func (c *collection) redshiftInline(r *terraform.Resource) {
	block := aws.Block(r.Body, "logging")
	switch {
	case block.Kind == terraform.Unknown:
		c.sources.Incomplete(r.Address + ": logging: " + block.Reason)
	case !block.Unset():
		c.redshift(r.Address+"/logging", aws.Declared(r.Address, r.Pos), r, block, aws.Bool(block, false, "enable"))
	}
}

func (c *collection) redshift(id string, of aws.Answer[string], r *terraform.Resource, body *terraform.Value, on aws.Answer[bool]) {
	s := newSource(id, "", "database", "redshift", "security_audit", r).about(of).records("user_name", "client_address")
	s.enabled = on
	exports := aws.Texts(body, "log_exports")
	s.settings["log_exports"] = aws.Then(exports, func(list []string) string { return strings.Join(list, ",") })
	if !exports.Known() {
		s.fieldsUnknown = aws.NotKnown[bool](exports.Reason, exports.Pos)
	} else if strings.Contains(strings.Join(exports.Value, ","), "useractivitylog") {
		s.records("statement")
	}
	kind := aws.Text(body, "s3", "log_destination_type")
	switch {
	case !kind.Known():
		s.stores = aws.NotKnown[[]string](kind.Reason, kind.Pos)
	case kind.Value == "cloudwatch":
		s.stores = aws.NotKnown[[]string]("Redshift makes a log group for each kind of log", kind.Pos)
	default:
		s.stores = c.bucketAt(r, body.Get("bucket_name"), folder(aws.Text(body, "", "s3_key_prefix")), "bucket")
	}
	c.put(s)
}
