package ports

import (
	"fmt"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/engine/fact"
)

// googleReader reads what resources of Google Cloud publish.
type googleReader struct {
	*reader
	google.Index
	firewall *google.Firewall
}

// front is what filters a port: the chain of an instance's network, nothing, or
// what is not known.
type front struct {
	chain  *google.Chain
	reason string
	// subnet is the only subnet it stands in, nil if that is not known.
	subnet *terraform.Resource
}

// noNetwork is the reason for what the flow logs of services that stand outside
// of one's own networks would say.
const noNetwork = "it stands outside of a network of the project"

// google publishes the ports of Google Cloud's resources.
func (x *reader) google(root *terraform.Root) {
	index := google.Index{Index: x.Index}
	g := &googleReader{reader: x, Index: index, firewall: index.ReadFirewall()}
	for _, m := range g.firewall.Machines() {
		g.machine(m)
	}
	for _, f := range index.Fronts() {
		g.balancer(f)
	}
	for _, r := range root.Resources {
		if r.Mode == "managed" && google.Read(r) {
			g.resource(r)
		}
	}
}

func (g *googleReader) resource(r *terraform.Resource) {
	switch r.Type {
	case "google_sql_database_instance":
		g.cloudSQL(r)
	case "google_alloydb_instance":
		g.alloydb(r)
	case "google_redis_instance":
		g.inside(r, "cache", "redis", redisPort(r))
	case "google_redis_cluster", "google_memorystore_instance":
		g.inside(r, "cache", "redis", 6379)
	case "google_memcache_instance":
		g.inside(r, "cache", "memcached", 11211)
	case "google_filestore_instance":
		g.inside(r, "endpoint", "nfs", 2049)
	case "google_container_cluster":
		g.cluster(r)
	case "google_cloud_run_v2_service":
		g.entrance(r, aws.Text(r.Body, "INGRESS_TRAFFIC_ALL", "ingress"))
	case "google_cloud_run_service":
		g.entrance(r, annotatedIngress(r))
	case "google_cloudfunctions_function":
		if v := r.Body.Get("event_trigger"); v.Unset() || v.Kind == terraform.List && len(v.Elems) == 0 {
			g.entrance(r, aws.Text(r.Body, "ALLOW_ALL", "ingress_settings"))
		}
	case "google_cloudfunctions2_function":
		settings := aws.Block(r.Body, "service_config")
		ingress := aws.Text(settings, "ALLOW_ALL", "ingress_settings")
		if settings.Kind == terraform.Unknown {
			ingress = aws.Unknown[string](settings)
		}
		g.entrance(r, ingress)
	case "google_app_engine_standard_app_version", "google_app_engine_flexible_app_version", "google_api_gateway_gateway":
		g.entrance(r, aws.Default("all", r.Pos))
	}
}

// googleUnmodelled are types that publish ports in ways not read here.
var googleUnmodelled = []string{
	"google_apigee_instance", "google_app_engine_service_network_settings", "google_cloud_ids_endpoint",
	"google_composer_environment", "google_compute_instance_from_machine_image", "google_compute_instance_from_template", "google_data_fusion_instance",
	"google_dataproc_cluster", "google_dataproc_metastore_service", "google_looker_instance", "google_managed_kafka_cluster",
	"google_network_services_gateway", "google_network_services_edge_cache_service", "google_notebooks_instance", "google_container_attached_cluster",
	"google_container_aws_cluster", "google_container_azure_cluster", "google_oracle_database_autonomous_database",
	"google_secure_source_manager_instance", "google_tpu_v2_vm", "google_vertex_ai_endpoint", "google_vertex_ai_index_endpoint",
	"google_vmwareengine_external_address", "google_workbench_instance", "google_workstations_workstation_cluster",
}

// publishGCP adds an item with what filters it.
func (g *googleReader) publishGCP(p published, by front) {
	it := g.add(p)
	it.Set("network_acls", []any{}, p.pos)
	g.filters(it, p, by)
}

func (g *googleReader) filters(it *fact.ItemBuilder, p published, by front) {
	switch {
	case by.reason != "":
		it.Gap("groups", by.reason, p.pos)
	case by.chain == nil:
		it.Set("groups", []any{}, p.pos)
	default:
		it.Set("groups", []any{}, p.pos)
		member := it.Append("groups", p.pos)
		member.Set("name", by.chain.Name(), p.pos).Set("chain", []any{g.reader.Reference(by.chain.ID())}, p.pos)
	}
	o := it.Object("flow_log", p.pos)
	if by.chain == nil {
		reason := by.reason
		if reason == "" {
			reason = noNetwork
		}
		o.Gap("accepted", reason, p.pos).Gap("denied", reason, p.pos).Set("logs", []any{}, p.pos)
		return
	}
	var subnets []*terraform.Resource
	reason := "its subnet is not declared here"
	if by.subnet != nil {
		subnets, reason = []*terraform.Resource{by.subnet}, ""
	}
	r := g.firewall.Recorded(*by.chain, subnets, reason, func(rule *google.Rule) bool {
		known := p.protocol.Known() && p.from.Known() && p.to.Known() && rule.ProtocolReason == "" && rule.PortsReason == ""
		return !known || (rule.Protocol == "any" || rule.Protocol == p.protocol.Value) && rule.From <= p.to.Value && p.from.Value <= rule.To
	})
	r.Accepted.Put(o, "accepted")
	r.Denied.Put(o, "denied")
	o.Set("logs", fact.Strings(r.Logs), p.pos)
}

// machine publishes, of each interface with a public address, the ports that the
// rules for the machine admit: what listens behind them is not declared.
func (g *googleReader) machine(m google.Machine) {
	if m.Reason != "" {
		g.b.Incomplete(m.Resource.Address + ": network_interface: " + m.Reason)
	}
	for n, i := range m.Interfaces {
		public := aws.Or(i.External, i.External6)
		if public.Known() && !public.Value {
			continue
		}
		p := of(m.Resource, "instance")
		p.pos = i.Body.Pos
		if n > 0 {
			p.id = fmt.Sprintf("%s/%d", p.id, n)
		}
		p.scope = scopeOf(public)
		p.families = aws.Union(one(i.External, "ipv4"), one(i.External6, "ipv6"))
		by, unknown := g.frontOf(m, i)
		g.admitted(p, by, unknown)
	}
}

// one is a family if it has it.
func one(has aws.Answer[bool], family string) aws.Answer[[]string] {
	return aws.Then(has, func(yes bool) []string {
		if yes {
			return []string{family}
		}
		return []string{}
	})
}

// frontOf is the chain in front of an interface, and why it may let in more than
// its rules say.
func (g *googleReader) frontOf(m google.Machine, i google.Interface) (front, string) {
	by := front{subnet: i.Subnet.Resource}
	v := g.firewall.VPC(i.Network)
	switch {
	case v == nil:
		by.reason = "its network is not known: " + i.Network.Reason
	case m.TargetsReason != "":
		by.reason = "its tags and service account are not known: " + m.TargetsReason
	}
	if by.reason != "" {
		return by, by.reason
	}
	c := g.firewall.Chain(v, m.Targets, false)
	by.chain = &c
	if len(v.Opaque) > 0 {
		return by, v.Opaque[0].Text + ": " + v.Opaque[0].Reason
	}
	return by, ""
}

// admitted publishes one port range for each that rules admit, and one that is not
// known where rules are not.
func (g *googleReader) admitted(p published, by front, unknown string) {
	var admitted ranges
	if by.chain != nil {
		for _, r := range by.chain.Rules {
			switch {
			case r.Protocol == "icmp", r.Protocol == "icmpv6":
				continue
			case !r.Allow && r.AllowReason == "":
				if r.ProtocolReason+r.PortsReason == "" {
					admitted.cut(&r.Rule)
				}
				continue
			case r.ProtocolReason != "" || r.PortsReason != "":
				unknown = r.ProtocolReason + r.PortsReason
				continue
			}
			admitted.add(&r.Rule)
		}
		admitted.each(p, func(q published) { g.publishGCP(q, by) })
	}
	if unknown != "" {
		p.protocol = aws.NotKnown[string](unknown, p.pos)
		g.publishGCP(p.port(aws.NotKnown[int](unknown, p.pos)), by)
	}
}

// balancer publishes a port of a forwarding rule. Where proxies take the traffic
// no rule of the network filters it, but a security policy may; else the rules of
// the instances behind it do, which are not followed.
func (g *googleReader) balancer(f google.Front) {
	p := of(f.Resource, "load_balancer")
	p.scope, p.protocol, p.from, p.to, p.families = f.Scope, f.Protocol, f.From, f.To, f.Families
	if f.Target != nil {
		p.backend = aws.Declared(f.Target.Address, f.Resource.Pos)
	}
	by := front{}
	proxied := f.Proxied()
	switch {
	case !proxied.Known():
		by.reason = "what takes the traffic is not known: " + proxied.Reason
	case !proxied.Value:
		by.reason = "the rules of the instances behind it filter, and which they are is not followed"
	default:
		if guarded := g.Guarded(); guarded.Value {
			p.admits = aws.NotKnown[[]string]("a security policy of a backend service may refuse, and is not read", guarded.Pos)
		}
	}
	g.publishGCP(p, by)
}
