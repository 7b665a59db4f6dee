package tls

import (
	"strings"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
)

// ports are the default ports of engines, by the beginning of their names.
var ports = []struct {
	engine string
	port   int
}{
	{"aurora-postgresql", 5432}, {"aurora-mysql", 3306}, {"postgres", 5432}, {"mysql", 3306}, {"mariadb", 3306}, {"aurora", 3306},
	{"oracle", 1521}, {"custom-oracle", 1521}, {"sqlserver", 1433}, {"custom-sqlserver", 1433}, {"db2", 50000},
}

func portOf(r *terraform.Resource, engine aws.Answer[string]) aws.Answer[int] {
	if v := r.Body.Get("port"); !v.Unset() {
		return aws.Int(r.Body, 0, "port")
	}
	for _, p := range ports {
		if engine.Known() && strings.HasPrefix(engine.Value, p.engine) {
			return aws.Default(p.port, r.Pos)
		}
	}
	return aws.NotKnown[int]("the engine's default port is not in the table", r.Pos)
}

// database starts the endpoint of a database.
func (c *collection) database(r *terraform.Resource, product string) *config {
	s := c.server(r.Address, product, "database", r)
	s.store = []string{c.x.Reference(r.Address)}
	return s
}

// dbInstance reads aws_db_instance. Every engine offers TLS; whether it demands
// it, a parameter says.
func (c *collection) dbInstance(r *terraform.Resource) {
	s := c.database(r, "rds")
	engine, version := aws.Text(r.Body, "", "engine"), aws.Text(r.Body, "", "engine_version")
	s.port = portOf(r, engine)
	s.scope = scopeOf(aws.Not(aws.Bool(r.Body, false, "publicly_accessible")))
	p := c.x.Parameters(r.Body.Get("parameter_group_name"), "aws_db_parameter_group", r)
	c.demand(s, engine, p, p.Version(version))
}

// rdsCluster reads aws_rds_cluster.
func (c *collection) rdsCluster(r *terraform.Resource) {
	s := c.database(r, "rds")
	engine, version := aws.Text(r.Body, "", "engine"), aws.Text(r.Body, "", "engine_version")
	s.port = portOf(r, engine)
	s.scope = c.members(r, "aws_rds_cluster_instance")
	p := c.x.Parameters(r.Body.Get("db_cluster_parameter_group_name"), "aws_rds_cluster_parameter_group", r)
	c.demand(s, engine, p, p.Version(version))
}

// members gives the scope of a cluster: internet if an instance has a public
// address.
func (c *collection) members(r *terraform.Resource, typ string) aws.Answer[string] {
	public := aws.Default(false, r.Pos)
	for _, l := range c.x.Attached(r, typ, "cluster_identifier") {
		one := aws.Bool(l.Body, false, "publicly_accessible")
		if l.Reason != "" {
			one = aws.And(one, aws.NotKnown[bool](l.Reason, l.Pos))
		}
		public = aws.Or(public, one)
	}
	return scopeOf(aws.Not(public))
}

// demand reads whether a database of RDS or Aurora demands TLS. Defaults by the
// user guides: rds.force_ssl is on from PostgreSQL 15 and Aurora PostgreSQL 17;
// require_secure_transport is off in MySQL to 8.0, MariaDB to 11.7 and Aurora
// MySQL; of later ones the table does not say it.
func (c *collection) demand(s *config, engine aws.Answer[string], p aws.Parameters, version aws.Answer[string]) {
	at := engine.Pos
	off := aws.Default("0", at)
	older := func(major, minor int, otherwise string) aws.Answer[string] {
		newer := aws.AtLeast(version, major, minor)
		switch {
		case !newer.Known():
			return aws.NotKnown[string](newer.Reason, newer.Pos)
		case !newer.Value:
			return off
		case otherwise != "":
			return aws.Default(otherwise, at)
		}
		return aws.NotKnown[string]("the default of the version is not in the table", at)
	}
	if !engine.Known() || engine.Value == "" {
		s.require(aws.NotKnown[bool](orUnwritten(engine), at), "optional")
		return
	}
	name, absent := "", aws.Answer[string]{}
	switch e := engine.Value; {
	case e == "postgres":
		name, absent = "rds.force_ssl", older(15, 0, "1")
	case e == "aurora-postgresql":
		name, absent = "rds.force_ssl", older(17, 0, "1")
	case e == "mysql":
		name, absent = "require_secure_transport", older(8, 4, "")
	case e == "mariadb":
		name, absent = "require_secure_transport", older(11, 8, "")
	case e == "aurora-mysql" || e == "aurora":
		name, absent = "require_secure_transport", off
	case strings.HasPrefix(e, "sqlserver"):
		name, absent = "rds.force_ssl", off
	default:
		s.require(aws.NotKnown[bool]("engine "+e+" is not in the table", at), "optional")
		return
	}
	s.require(aws.Switch(p.Get(name, absent)), "optional")
	s.databaseVersions(engine.Value, p, version)
}

func orUnwritten(engine aws.Answer[string]) string {
	if engine.Reason != "" {
		return engine.Reason
	}
	return "the engine is not written"
}

// databaseVersions reads the versions of TLS: PostgreSQL's bounds, of which the
// lower is TLSv1.2 by default from 13; MySQL's list, by default 1.2 and 1.3 in
// MySQL 8.0 and later.
func (s *config) databaseVersions(engine string, p aws.Parameters, version aws.Answer[string]) {
	at := s.at
	switch {
	case strings.Contains(engine, "postgres"):
		recent := aws.AtLeast(version, 13, 0)
		lowest := aws.NotKnown[string](notPublished, at)
		if recent.Known() && recent.Value {
			lowest = aws.Default("TLSv1.2", at)
		}
		lowest = p.Get("ssl_min_protocol_version", lowest)
		highest := p.Get("ssl_max_protocol_version", aws.Default("TLSv1.3", at))
		if !lowest.Known() || !highest.Known() {
			s.protocols = aws.NotKnown[[]string](lowest.Reason+highest.Reason, at)
			return
		}
		low, high := databaseNames[lowest.Value], databaseNames[highest.Value]
		if highest.Value == "" {
			high = "tls1.3"
		}
		if low == "" || high == "" {
			s.protocols = aws.NotKnown[[]string]("a bound of the versions is not in the table", lowest.Pos)
			return
		}
		s.protocols = aws.Answer[[]string]{Value: from(low, high), Default: lowest.Default, Pos: lowest.Pos}
	case engine == "mysql":
		recent := aws.AtLeast(version, 8, 0)
		list := aws.NotKnown[string](notPublished, at)
		if recent.Known() && recent.Value {
			list = aws.Default("TLSv1.2,TLSv1.3", at)
		}
		s.protocols = versionList(p.Get("tls_version", list))
	}
}

var databaseNames = map[string]string{"TLSv1": "tls1.0", "TLSv1.1": "tls1.1", "TLSv1.2": "tls1.2", "TLSv1.3": "tls1.3"}

// versionList reads a list of versions with commas.
func versionList(list aws.Answer[string]) aws.Answer[[]string] {
	if !list.Known() {
		return aws.NotKnown[[]string](list.Reason, list.Pos)
	}
	out := []string{}
	for _, name := range strings.Split(list.Value, ",") {
		v := databaseNames[strings.TrimSpace(name)]
		if v == "" {
			return aws.NotKnown[[]string]("version "+name+" is not in the table", list.Pos)
		}
		out = append(out, v)
	}
	return aws.Answer[[]string]{Value: out, Default: list.Default, Pos: list.Pos}
}

// docdbCluster reads aws_docdb_cluster, where the parameter tls, enabled by
// default, also bounds the versions.
func (c *collection) docdbCluster(r *terraform.Resource) {
	s := c.database(r, "documentdb")
	s.port = aws.Int(r.Body, 27017, "port")
	p := c.x.Parameters(r.Body.Get("db_cluster_parameter_group_name"), "aws_docdb_cluster_parameter_group", r)
	mode := p.Get("tls", aws.Default("enabled", r.Pos))
	s.require(aws.Then(mode, func(m string) bool { return m != "disabled" }), "off")
	if mode.Known() {
		switch mode.Value {
		case "tls1.2+":
			s.protocols = aws.Answer[[]string]{Value: from("tls1.2", "tls1.3"), Default: mode.Default, Pos: mode.Pos}
		case "tls1.3+":
			s.protocols = aws.Answer[[]string]{Value: []string{"tls1.3"}, Default: mode.Default, Pos: mode.Pos}
		case "enabled", "disabled", "fips-140-3":
		default:
			s.require(aws.NotKnown[bool]("tls = "+mode.Value+" is not in the table", mode.Pos), "off")
		}
	}
}

// neptuneCluster reads aws_neptune_cluster; neptune_enforce_ssl is on by default.
func (c *collection) neptuneCluster(r *terraform.Resource) {
	s := c.database(r, "neptune")
	s.port = aws.Int(r.Body, 8182, "port")
	s.scope = c.members(r, "aws_neptune_cluster_instance")
	p := c.x.Parameters(r.Body.Get("neptune_cluster_parameter_group_name"), "aws_neptune_cluster_parameter_group", r)
	s.require(aws.Switch(p.Get("neptune_enforce_ssl", aws.Default("1", r.Pos))), "optional")
}

// redshiftCluster reads aws_redshift_cluster. require_ssl is off in groups of
// the family redshift-1.0 and on in redshift-2.0; which one a cluster without a
// group gets depends on when it was made.
func (c *collection) redshiftCluster(r *terraform.Resource) {
	s := c.database(r, "redshift")
	s.port = aws.Int(r.Body, 5439, "port")
	public := aws.Bool(r.Body, false, "publicly_accessible")
	if public.Default {
		public = aws.NotKnown[bool]("not written, and the default depends on the provider's version", r.Pos)
	}
	s.scope = scopeOf(aws.Not(public))
	p := c.x.Parameters(r.Body.Get("cluster_parameter_group_name"), "aws_redshift_parameter_group", r)
	absent := aws.NotKnown[string]("the default depends on when the cluster was made", r.Pos)
	if p.Family.Known() {
		switch p.Family.Value {
		case "redshift-1.0":
			absent = aws.Default("false", p.Family.Pos)
		case "redshift-2.0":
			absent = aws.Default("true", p.Family.Pos)
		}
	}
	s.require(aws.Switch(p.Get("require_ssl", absent)), "optional")
}
