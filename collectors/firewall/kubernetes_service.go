package firewall

import (
	"cmp"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/kubernetes"
	"github.com/writ-policy/writ/collectors/source/node"
	"github.com/writ-policy/writ/engine/fact"
)

// service is a Service as far as it leads from outside of the cluster to pods.
type service struct {
	id, namespace, name string
	pos                 fact.Position
	pods                *selector // nil where it selects none
	labels              *labelSet // those that its pods have at least
	ports               []servicePort
	outside             bool // it is reached from outside
	client              string
	clientReason        string
}

// servicePort leads from a port of a service to one of its pods.
type servicePort struct {
	pos            fact.Position
	name, protocol string // protocol "" where it is not known
	port, nodePort int
	target         portMatch
}

// ingressRoute leads to a port of a service through a proxy. Without a port, by name
// or number, it is not known which.
type ingressRoute struct {
	resource, namespace, service string
	portName                     string
	port                         int
}

// route is a published port that leads to pods.
type route struct {
	resource, protocol string
	port, nodePort     int
	target             portSpan
	by                 truth
	client, reason     string
}

// readService reads a Service; nil if nothing of it leads to pods.
func readService(o *kubernetes.Object) *service {
	spec := o.Root.Get("spec")
	s := &service{id: o.ID, namespace: o.Namespace, name: o.Name, pos: o.Pos(), client: "replaced"}
	switch kind := spec.Get("type"); {
	case kind.IsNull():
	case kind.Text == "ExternalName" && kind.Kind == node.String:
		return nil
	default:
		s.outside = kind.Kind != node.String || kind.Text != "ClusterIP"
	}
	s.outside = s.outside || !spec.Get("externalIPs").IsNull()
	// Traffic from outside gets the address of the node it comes in by, unless it is
	// kept on that node (Service, spec.externalTrafficPolicy).
	switch policy := spec.Get("externalTrafficPolicy"); {
	case policy.IsNull() || policy.Kind == node.String && policy.Text == "Cluster":
	case policy.Kind == node.String && policy.Text == "Local":
		s.client = "kept"
	default:
		s.client, s.clientReason = "", unsettled(policy, "externalTrafficPolicy is neither Cluster nor Local")
	}
	pods := spec.Get("selector")
	if pods.IsNull() || pods.Kind == node.Object && len(pods.Keys) == 0 {
		return s
	}
	var fault string
	s.pods = &selector{readMatchLabels(pods, &fault)}
	s.labels = readLabels(pods)
	s.labels.open = "the pods behind the service are not in the manifests"
	ports := spec.Get("ports")
	if !ports.IsNull() && ports.Kind != node.Array {
		why := unsettled(ports, "ports are not a list")
		s.ports = append(s.ports, servicePort{pos: s.pos, target: portMatch{reason: why}})
		return s
	}
	if !ports.IsNull() {
		for _, p := range ports.Elems {
			s.ports = append(s.ports, readServicePort(o.Source, p))
		}
	}
	return s
}

func readServicePort(source string, n *node.Node) servicePort {
	p := servicePort{pos: n.Pos(source), protocol: "tcp"}
	if v := n.Get("protocol"); !v.IsNull() {
		p.protocol = clusterProtocols[v.Text]
	}
	if n.Kind != node.Object {
		p.protocol = ""
	}
	if v := n.Get("name"); v != nil && v.Kind == node.String {
		p.name = v.Text
	}
	port, portKnown := portNumber(n.Get("port"))
	p.port = port
	p.nodePort, _ = portNumber(n.Get("nodePort"))
	p.target = portMatch{protocol: p.protocol, from: p.port, to: p.port}
	switch v := n.Get("targetPort"); {
	case v.IsNull() || v.Kind == node.Number && v.Text == "0":
		if !portKnown {
			p.target.reason = "the service's port is not known"
		}
	case v.Kind == node.String:
		p.target.name, p.target.from, p.target.to = v.Text, 0, 65535
	default:
		number, ok := portNumber(v)
		p.target.from, p.target.to = number, number
		if !ok {
			p.target.reason = unsettled(v, "targetPort is neither a number from 1 to 65535 nor a name")
		}
	}
	return p
}

// readIngress reads which ports of services an Ingress leads to.
func readIngress(o *kubernetes.Object) []ingressRoute {
	spec := o.Root.Get("spec")
	var list []ingressRoute
	add := func(backend *node.Node) {
		to := backend.Get("service")
		name := to.Get("name")
		if name == nil || name.Kind != node.String {
			return
		}
		r := ingressRoute{resource: o.ID, namespace: o.Namespace, service: name.Text}
		r.port, _ = portNumber(to.At("port", "number"))
		if v := to.At("port", "name"); v != nil && v.Kind == node.String {
			r.portName = v.Text
		}
		if !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	add(spec.Get("defaultBackend"))
	if rules := spec.Get("rules"); !rules.IsNull() {
		for _, rule := range rules.Elems {
			if paths := rule.At("http", "paths"); !paths.IsNull() {
				for _, p := range paths.Elems {
					add(p.Get("backend"))
				}
			}
		}
	}
	return list
}

// route gives workloads the published ports that lead to them. A service whose pods
// are not in the manifests gets a workload of its own, of which only the labels are
// known that the service selects by.
func (c *cluster) route(services []*service, ingresses []ingressRoute) {
	byName := map[[2]string][]*service{}
	for _, s := range services {
		key := [2]string{s.namespace, s.name}
		byName[key] = append(byName[key], s)
	}
	proxied := map[*service][]ingressRoute{}
	for _, r := range ingresses {
		for _, s := range byName[[2]string{r.namespace, r.service}] {
			proxied[s] = append(proxied[s], r)
		}
	}
	for _, s := range services {
		if s.pods == nil || !s.outside && len(proxied[s]) == 0 {
			continue
		}
		n := c.namespace(s.namespace, s.pos)
		found := never
		for _, w := range n.behind(s) {
			by := s.pods.matches(w.labels)
			routes := s.routes(w, by, proxied[s])
			w.routes = append(w.routes, routes...)
			// Pods without a port of the name that is asked for serve nothing.
			for _, r := range routes {
				found = or(found, r.by)
			}
		}
		if found != always {
			w := &workload{id: s.id, namespace: s.namespace, pos: s.pos, labels: s.labels, hostPos: s.pos, portsReason: s.labels.open, host: perhaps, hostReason: s.labels.open}
			c.addWorkload(w)
			w.routes = s.routes(w, always, proxied[s])
		}
	}
}

// behind returns the workloads that a service perhaps selects.
func (n *namespace) behind(s *service) []*workload {
	key, value, fixed := s.pods.fixed()
	if n.byLabel == nil {
		n.byLabel = map[[2]string][]*workload{}
		for _, w := range n.workloads {
			for _, l := range w.labels.list {
				if l.unknown {
					l.value = anyValue
				}
				n.byLabel[[2]string{l.key, l.value}] = append(n.byLabel[[2]string{l.key, l.value}], w)
			}
			if w.labels.open != "" {
				n.vague = append(n.vague, w)
			}
		}
	}
	candidates := n.workloads
	if fixed {
		candidates = slices.Concat(n.byLabel[[2]string{key, value}], n.byLabel[[2]string{key, anyValue}], n.vague)
	}
	var list []*workload
	seen := map[*workload]bool{}
	for _, w := range candidates {
		if !seen[w] && s.pods.matches(w.labels) != never {
			seen[w] = true
			list = append(list, w)
		}
	}
	return list
}

func (s *service) routes(w *workload, by truth, proxied []ingressRoute) []route {
	var list []route
	for _, p := range s.ports {
		targets, known := p.target.resolve(w)
		for _, t := range targets {
			r := route{protocol: p.protocol, port: p.port, nodePort: p.nodePort, target: t, by: and(by, known)}
			if s.outside {
				r.resource, r.client, r.reason = s.id, s.client, s.clientReason
				list = append(list, r)
			}
			for _, i := range proxied {
				switch {
				case i.port != 0 && i.port != p.port, i.port == 0 && i.portName != "" && i.portName != p.name:
					continue
				}
				through := r
				through.resource, through.port, through.nodePort, through.client, through.reason = i.resource, 0, 0, "proxied", ""
				if i.port == 0 && i.portName == "" {
					through.by = and(through.by, perhaps)
				}
				list = append(list, through)
			}
		}
	}
	return list
}

// published writes the published ports that lead to a workload.
func (w *clusterWriter) published(it *fact.ItemBuilder, x *workload) {
	none := fact.Position{}
	it.Set("published", []any{}, none)
	slices.SortFunc(x.routes, func(a, b route) int {
		return cmp.Or(strings.Compare(a.resource, b.resource), strings.Compare(a.protocol, b.protocol), a.port-b.port, a.target.from-b.target.from, a.target.to-b.target.to, int(b.by)-int(a.by))
	})
	for _, r := range slices.Compact(x.routes) {
		o := it.Append("published", none).Set("resource", r.resource, none)
		put(o, "protocol", r.protocol, "the service's protocol is not known", r.protocol == "")
		o.Set("port", r.port, none).Set("node_port", r.nodePort, none).Set("target_from", r.target.from, none).Set("target_to", r.target.to, none)
		certainty := "certain"
		if r.by != always {
			certainty = "possible"
		}
		o.Set("certainty", certainty, none)
		put(o, "client", r.client, r.reason, r.client == "")
	}
}
