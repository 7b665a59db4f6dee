package ports

import (
	"sync"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
)

// database says how a type of managed database is read.
type database struct {
	mechanism string
	// engine is the argument that names the engine; fixed is used without one.
	engine, fixed string
	product       string // where the engine table does not say
	port          int    // default, 0 for the engine's
	ports         int    // further ports from the first on
	groups        string
	subnets       string // argument with subnets
	subnetGroup   string // or with the name of a subnet group
	public        func(*reader, *terraform.Resource) aws.Answer[bool]
	network       string // argument with the address type, "" if always IPv4
}

// databases is the table by resource type; it is not changed.
var databases = sync.OnceValue(func() map[string]database {
	return map[string]database{
		"aws_db_instance":                   {mechanism: "database", engine: "engine", groups: "vpc_security_group_ids", subnetGroup: "db_subnet_group_name", public: publicly, network: "network_type"},
		"aws_rds_cluster":                   {mechanism: "database", engine: "engine", groups: "vpc_security_group_ids", subnetGroup: "db_subnet_group_name", public: clusterPublic, network: "network_type"},
		"aws_db_proxy":                      {mechanism: "database", engine: "engine_family", groups: "vpc_security_group_ids", subnets: "vpc_subnet_ids", public: never},
		"aws_docdb_cluster":                 {mechanism: "database", fixed: "docdb", groups: "vpc_security_group_ids", subnetGroup: "db_subnet_group_name", public: never},
		"aws_docdbelastic_cluster":          {mechanism: "database", fixed: "docdb", groups: "vpc_security_group_ids", subnets: "subnet_ids", public: never},
		"aws_neptune_cluster":               {mechanism: "database", fixed: "neptune", groups: "vpc_security_group_ids", subnetGroup: "neptune_subnet_group_name", public: never},
		"aws_redshift_cluster":              {mechanism: "database", product: "redshift", port: 5439, groups: "vpc_security_group_ids", subnetGroup: "cluster_subnet_group_name", public: redshiftPublic},
		"aws_redshiftserverless_workgroup":  {mechanism: "database", product: "redshift", port: 5439, groups: "security_group_ids", subnets: "subnet_ids", public: publicly},
		"aws_elasticache_cluster":           {mechanism: "cache", engine: "engine", groups: "security_group_ids", subnetGroup: "subnet_group_name", public: never, network: "network_type"},
		"aws_elasticache_replication_group": {mechanism: "cache", engine: "engine", fixed: "redis", groups: "security_group_ids", subnetGroup: "subnet_group_name", public: never, network: "network_type"},
		"aws_elasticache_serverless_cache":  {mechanism: "cache", engine: "engine", ports: 1, groups: "security_group_ids", subnets: "subnet_ids", public: never},
		"aws_memorydb_cluster":              {mechanism: "cache", engine: "engine", fixed: "redis", groups: "security_group_ids", subnetGroup: "subnet_group_name", public: never},
		"aws_dax_cluster":                   {mechanism: "cache", product: "dax", port: 8111, ports: 1000, groups: "security_group_ids", subnetGroup: "subnet_group_name", public: never},
	}
})

// publicly reads publicly_accessible, which is false if not set.
func publicly(_ *reader, r *terraform.Resource) aws.Answer[bool] {
	return aws.Bool(r.Body, false, "publicly_accessible")
}

func never(_ *reader, r *terraform.Resource) aws.Answer[bool] { return aws.Default(false, r.Pos) }

// redshiftPublic: the default changed from true to false with version 6 of the
// provider.
func redshiftPublic(_ *reader, r *terraform.Resource) aws.Answer[bool] {
	if r.Body.Get("publicly_accessible").Unset() {
		return aws.NotKnown[bool]("publicly_accessible is not set: the default is true up to version 5 of the provider and false from version 6", r.Pos)
	}
	return aws.Bool(r.Body, false, "publicly_accessible")
}

// clusterPublic: an Aurora cluster is reached at its instances, of which each
// says whether it has a public address.
func clusterPublic(x *reader, r *terraform.Resource) aws.Answer[bool] {
	if mode := aws.Text(r.Body, "provisioned", "engine_mode"); mode.Value == "serverless" {
		return aws.Default(false, r.Pos)
	}
	if !r.Body.Get("db_cluster_instance_class").Unset() {
		return aws.NotKnown[bool]("whether the instances of a Multi-AZ cluster have public addresses hangs on its subnets' routes", r.Pos)
	}
	public := aws.NotKnown[bool]("no instance of the cluster is declared here", r.Pos)
	for _, i := range x.OfType("aws_rds_cluster_instance") {
		c := x.network.Identify(i.Body.Get("cluster_identifier"))
		switch {
		case c.Name == r.Address:
			one := aws.Bool(i.Body, false, "publicly_accessible")
			if !public.Known() && public.Pos == r.Pos {
				public = one
			} else {
				public = aws.Or(public, one)
			}
		case !c.Known():
			public = aws.Or(public, aws.NotKnown[bool]("the cluster of "+i.Address+" is not known", i.Pos))
		}
	}
	return public
}

func (x *reader) database(r *terraform.Resource, d database) {
	source := x.original(r)
	if source == nil {
		return // a member of a group that is published itself
	}
	p := of(r, d.mechanism)
	p.product, p.from = x.engine(source, d)
	if v := r.Body.Get("port"); !v.Unset() {
		p.from = portNumber(r.Body, "port")
	} else if v := source.Body.Get("port"); !v.Unset() {
		p.from = portNumber(source.Body, "port")
	}
	p.to = aws.Then(p.from, func(n int) int { return n + d.ports })
	if r.Type == "aws_dax_cluster" {
		// 9111 with encryption in transit, else 8111.
		tls := aws.Text(r.Body, "NONE", "cluster_endpoint_encryption_type")
		p = p.port(aws.Then(tls, func(t string) int {
			if t == "TLS" {
				return 9111
			}
			return 8111
		}))
	}
	p.scope = scopeOf(d.public(x, r))
	if d.network != "" {
		p.families = families(r.Body, d.network)
	}
	subnets := r.Body.Get(d.subnets)
	if d.subnetGroup != "" {
		subnets = x.subnetGroup(r.Body.Get(d.subnetGroup))
	}
	p.place = x.attached(r, r.Body.Get(d.groups), subnets)
	x.publish(p)
}

// original is the resource that engine and port are taken from: for a replica
// without its own, the database it replicates. Nil for a cache cluster that is
// part of a replication group of the root.
func (x *reader) original(r *terraform.Resource) *terraform.Resource {
	if r.Type == "aws_elasticache_cluster" {
		if g := x.network.Identify(r.Body.Get("replication_group_id")); g.Here() {
			return nil
		}
	}
	if s := x.network.Identify(r.Body.Get("replicate_source_db")); s.Here() && r.Body.Get("engine").Unset() {
		return s.Resource
	}
	return r
}

func (x *reader) engine(r *terraform.Resource, d database) (product aws.Answer[string], port aws.Answer[int]) {
	if d.product != "" {
		return aws.Default(d.product, r.Pos), aws.Default(d.port, r.Pos)
	}
	name := aws.Default(d.fixed, r.Pos)
	if d.engine != "" {
		name = aws.Text(r.Body, d.fixed, d.engine)
	}
	if name.Known() && name.Value == "" {
		reason := "no engine is named"
		return aws.NotKnown[string](reason, r.Pos), aws.NotKnown[int](reason, r.Pos)
	}
	e, ok := engineOf(name.Value)
	if r.Type == "aws_db_proxy" && name.Value == "POSTGRESQL" {
		e, ok = engine{"postgres", 5432}, true
	}
	if r.Type == "aws_db_proxy" && name.Value == "SQLSERVER" {
		e, ok = engine{"sqlserver", 1433}, true
	}
	if name.Known() && !ok {
		reason := "engine " + name.Value + " is not one this reader knows"
		return aws.NotKnown[string](reason, name.Pos), aws.NotKnown[int](reason, name.Pos)
	}
	port = aws.Then(name, func(string) int { return e.port })
	port.Default, port.Pos = true, r.Pos
	return aws.Then(name, func(string) string { return e.product }), port
}

// subnetGroup finds the subnets of a subnet group by reference or by name.
func (x *reader) subnetGroup(v *terraform.Value) *terraform.Value {
	if v.Unset() {
		return v
	}
	id := x.network.Identify(v)
	if id.Here() {
		return id.Resource.Body.Get("subnet_ids")
	}
	reason := id.Reason
	if reason == "" {
		reason = "subnet group " + id.Name + " is not declared here"
	}
	return &terraform.Value{Kind: terraform.Unknown, Reason: reason, Pos: v.Pos}
}

// msk publishes the listeners of a Kafka cluster (Amazon MSK developer guide,
// port information): plain text, TLS, and one per way of authentication; those
// for public access lie 100 higher.
func (x *reader) msk(r *terraform.Resource) {
	brokers := aws.Block(r.Body, "broker_node_group_info")
	access := aws.Block(brokers, "connectivity_info", "public_access")
	public := aws.Then(aws.Text(access, "DISABLED", "type"), func(t string) bool { return t != "DISABLED" })
	mode := aws.Text(aws.Block(r.Body, "encryption_info", "encryption_in_transit"), "TLS", "client_broker")
	sasl := aws.Block(r.Body, "client_authentication", "sasl")
	base := of(r, "queue").named("kafka")
	base.place = x.attached(r, brokers.Get("security_groups"), brokers.Get("client_subnets"))
	for _, l := range []struct {
		port int
		on   aws.Answer[bool]
	}{
		{9092, aws.Then(mode, func(m string) bool { return m != "TLS" })},
		{9094, aws.Then(mode, func(m string) bool { return m != "PLAINTEXT" })},
		{9096, aws.Bool(sasl, false, "scram")},
		{9098, aws.Bool(sasl, false, "iam")},
	} {
		if l.on.Known() && !l.on.Value {
			continue
		}
		inside := base.fixed(l.port)
		inside.scope = unless(l.on, aws.Default("internal", r.Pos))
		x.publish(inside)
		if public.Known() && !public.Value || l.port == 9092 {
			continue
		}
		outside := base.fixed(l.port + 100)
		outside.scope = unless(l.on, scopeOf(public))
		x.publish(outside)
	}
}

// unless makes a scope not known where it is not known that the port is open.
func unless(on aws.Answer[bool], scope aws.Answer[string]) aws.Answer[string] {
	if !on.Known() {
		return aws.NotKnown[string](on.Reason, on.Pos)
	}
	return scope
}

// mq publishes a message broker's ports (Amazon MQ developer guide). Security
// groups do not filter a public RabbitMQ broker.
func (x *reader) mq(r *terraform.Resource) {
	engine := aws.Text(r.Body, "", "engine_type")
	public := publicly(x, r)
	base := of(r, "queue")
	base.scope = scopeOf(public)
	base.place = x.attached(r, r.Body.Get("security_groups"), r.Body.Get("subnet_ids"))
	var open []int
	switch engine.Value {
	case "ActiveMQ", "ACTIVEMQ":
		base, open = base.named("activemq"), []int{5671, 8162, 8883, 61614, 61617, 61619}
	case "RabbitMQ", "RABBITMQ":
		base, open = base.named("rabbitmq"), []int{443, 5671, 15671}
		if !public.Known() {
			base.place.groups, base.place.groupsReason = nil, public.Reason
		} else if public.Value {
			base.place.groups, base.place.groupsReason = []vpc.Identity{}, ""
		}
	default:
		reason := engine.Reason
		if reason == "" {
			reason = "engine " + engine.Value + " is not one this reader knows"
		}
		base.product = aws.NotKnown[string](reason, engine.Pos)
		x.publish(base.port(aws.NotKnown[int](reason, engine.Pos)))
	}
	for _, port := range open {
		x.publish(base.fixed(port))
	}
}
