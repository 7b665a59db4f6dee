package ports

import (
	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// Watch subscribes to what opens ports in a cluster.
func (Collector) Watch(env *collectors.Env) {
	kinds := append(kubernetes.PodKinds(), "Service", "Ingress", "Gateway", "IngressRoute", "IngressRouteTCP", "IngressRouteUDP", "HTTPProxy", "Route", "TCPIngress", "UDPIngress", "Listener")
	kubernetes.Watch(env, "ports", kinds, func(target fact.Target) kubernetes.Visitor {
		return &cluster{b: fact.NewBuilder("port.published", target, env.Envelope("ports", "kubernetes"), env.Now), taken: kubernetes.IDs{}}
	})
}

// cluster gathers the ports that the manifests of a target publish.
type cluster struct {
	b     *fact.Builder
	taken kubernetes.IDs
	ports []clusterPort
	// workloads by namespace, to tell what stands behind a Service.
	workloads map[string]*workloads
	// waiting are ports of Ingresses, by their place in ports; unsure is why there may
	// be more Services before their controllers, or more controllers.
	waiting map[int]waiting
	unsure  string
}

// clusterPort is one published port before it is written.
type clusterPort struct {
	id, mechanism, resource string
	at                      fact.Position
	product, backend        aws.Answer[string]
	protocol                aws.Answer[string]
	from, to                aws.Answer[int]
	address                 aws.Answer[string]
	scope                   aws.Answer[string]
	families, admits        aws.Answer[[]string]
	groups                  []string // names of security groups
	// selector and port of a Service's pods, to find the product.
	namespace string
	selector  map[string]string
	target    string
}

// open starts a port of an object, open to all.
func (c *cluster) open(o *kubernetes.Object, mechanism string, at fact.Position) clusterPort {
	return clusterPort{
		id: o.ID, mechanism: mechanism, resource: o.ID, at: at, product: aws.Default("", at), backend: aws.Default("", at), address: aws.Default("", at),
		protocol: aws.Default("tcp", at), families: aws.Default([]string{"ipv4"}, at), admits: aws.Default([]string{"0.0.0.0/0", "::/0"}, at),
		scope: aws.NotKnown[string]("whether the nodes have public addresses is not known", at), namespace: o.Namespace,
	}
}

func (p clusterPort) on(port aws.Answer[int]) clusterPort {
	p.from, p.to = port, port
	return p
}

// number reads a port that must stand there; absent is why there is none.
func number(o *kubernetes.Object, from *node.Node, absent string, path ...string) aws.Answer[int] {
	n := o.Int(from, 0, path...)
	if n.Known() && (n.Value < 1 || n.Value > 65535) {
		if !n.Default && n.Value != 0 {
			absent = "it is no port"
		}
		return aws.NotKnown[int](absent, n.Pos)
	}
	return n
}

var transports = map[string]string{"TCP": "tcp", "UDP": "udp", "SCTP": "sctp"}

func transport(o *kubernetes.Object, from *node.Node) aws.Answer[string] {
	p := o.Text(from, "TCP", "protocol")
	if p.Known() && transports[p.Value] == "" {
		return aws.NotKnown[string]("protocol "+p.Value+" is not one this reader knows", p.Pos)
	}
	return aws.Then(p, func(s string) string { return transports[s] })
}

// Object reads one object.
func (c *cluster) Object(o *kubernetes.Object) {
	switch o.Group + "/" + o.Kind {
	case "/Service":
		c.service(o)
	case "networking.k8s.io/Ingress", "extensions/Ingress":
		c.ingress(o)
	case "gateway.networking.k8s.io/Gateway":
		c.gateway(o)
	case "networking.istio.io/Gateway":
		c.meshGateway(o)
	case "traefik.io/IngressRoute", "traefik.io/IngressRouteTCP", "traefik.io/IngressRouteUDP", "traefik.containo.us/IngressRoute", "traefik.containo.us/IngressRouteTCP",
		"traefik.containo.us/IngressRouteUDP", "projectcontour.io/HTTPProxy", "route.openshift.io/Route", "serving.knative.dev/Service", "serving.knative.dev/Route",
		"configuration.konghq.com/TCPIngress", "configuration.konghq.com/UDPIngress", "getambassador.io/Listener":
		c.b.Incomplete(o.ID + ": the ports that a " + o.Kind + " of " + o.Group + " opens are not read")
	default:
		if pod, ok := o.Pod(); ok {
			c.pod(o, pod)
		}
	}
}

// Documents returns the published ports.
func (c *cluster) Documents() []*fact.Document {
	for i, p := range c.ports {
		if w, ok := c.waiting[i]; ok {
			c.through(&p, w)
		}
		c.publish(p)
	}
	return []*fact.Document{c.b.Document()}
}

func (c *cluster) publish(p clusterPort) {
	if p.selector != nil {
		p.product = c.behind(p)
	}
	for _, a := range []*aws.Answer[[]string]{&p.families, &p.admits} {
		if a.Default { // nothing says it, so it stands where the port does
			a.Pos = p.at
		}
	}
	if p.scope.Default {
		p.scope.Pos = p.at
	}
	span := published{protocol: p.protocol, from: p.from, to: p.to}.span()
	it := c.b.Add(c.taken.Take(p.id+"/"+span), "declared", p.at)
	it.Set("mechanism", p.mechanism, p.at).Set("resource", p.resource, p.at)
	p.product.Put(it, "product")
	p.backend.Put(it, "backend")
	p.protocol.Put(it, "protocol")
	p.address.Put(it, "address")
	p.from.Put(it, "port_from")
	p.to.Put(it, "port_to")
	p.scope.Put(it, "scope")
	p.families.Put(it, "families")
	p.admits.Put(it, "admits")
	it.Set("groups", []any{}, p.at)
	for _, g := range p.groups {
		it.Append("groups", p.at).Set("name", g, p.at).Gap("chain", g+" is not declared here", p.at)
	}
	it.Set("network_acls", []any{}, p.at)
	const unsaid = "manifests do not say whether the network's traffic is recorded"
	it.Object("flow_log", p.at).Gap("accepted", unsaid, p.at).Gap("denied", unsaid, p.at).Set("logs", []any{}, p.at)
}
