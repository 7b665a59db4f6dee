package firewall

import (
	"cmp"
	"slices"
)

// podGroup is a firewall.workload.
type podGroup struct {
	entry
	host, isolated truth
	chain          string // reference, "" where it is not known
	admits         []underRule
	unread         bool // other rules may apply to the pods
}

// underRule is a rule that pods are under, and the ports it means on them.
type underRule struct {
	rule    string // reference
	certain bool
	ports   []portSpan // none for all
	known   bool       // the ports are
}

// leading is a published port that leads to pods.
type leading struct {
	pods           *podGroup
	protocol       string // "" where it is not known
	port, nodePort int
	target         portSpan
	known          bool // protocol and target
	certain        bool
	client         string // kept, replaced, proxied, "" where it is not known
}

func truthOf(o object, name string) truth {
	switch yes, known := boolOf(o, name); {
	case !known:
		return perhaps
	case yes:
		return always
	}
	return never
}

func (f *facts) addWorkload(e entry) {
	g := &podGroup{entry: e, host: truthOf(e.item, "host_network"), isolated: truthOf(e.item, "isolated")}
	if chain, known := textsOf(e.item, "chain"); known && len(chain) == 1 {
		g.chain = chain[0]
	}
	list, known := objectsOf(e.item, "admits")
	g.unread = !known
	for _, o := range list {
		a := underRule{}
		if refs, known := textsOf(o, "rule"); known && len(refs) == 1 {
			a.rule = refs[0]
		}
		certainty, _ := textOf(o, "certainty")
		a.certain = certainty == "certain"
		a.ports, a.known = spansOf(o, "ports")
		g.admits = append(g.admits, a)
	}
	f.workloads[e.doc.Target.ID] = append(f.workloads[e.doc.Target.ID], g)
	published, _ := objectsOf(e.item, "published")
	for _, o := range published {
		resource, named := textOf(o, "resource")
		if !named {
			continue
		}
		l := leading{pods: g}
		l.protocol, _ = textOf(o, "protocol")
		l.port, _ = numberOf(o, "port")
		l.nodePort, _ = numberOf(o, "node_port")
		from, ok1 := numberOf(o, "target_from")
		to, ok2 := numberOf(o, "target_to")
		l.target, l.known = portSpan{from, to}, ok1 && ok2 && l.protocol != ""
		certainty, _ := textOf(o, "certainty")
		l.certain = certainty == "certain"
		l.client, _ = textOf(o, "client")
		key := e.doc.Target.ID + "#" + resource
		f.leading[key] = append(f.leading[key], l)
	}
}

// spansOf reads ranges of ports.
func spansOf(o object, name string) (list []portSpan, known bool) {
	objects, known := objectsOf(o, name)
	for _, s := range objects {
		from, ok1 := numberOf(s, "from")
		to, ok2 := numberOf(s, "to")
		known = known && ok1 && ok2
		list = append(list, portSpan{from, to})
	}
	return list, known
}

// routesTo returns what leads from a published port to pods: by its own port or by
// the nodes', else by any port of its resource.
func (f *facts) routesTo(p entry) []leading {
	resource, _ := textOf(p.item, "resource")
	q := queryOf(p)
	var exact, other []leading
	for _, l := range f.leading[p.doc.Target.ID+"#"+resource] {
		if q.protocol != "" && l.protocol != "" && q.protocol != l.protocol && l.port != 0 {
			continue
		}
		in := func(port int) bool { return port != 0 && q.portsKnown && q.from <= port && port <= q.to }
		if in(l.port) || in(l.nodePort) || l.port == 0 && l.known {
			exact = append(exact, l)
		}
		other = append(other, l)
	}
	if len(exact) > 0 {
		return exact
	}
	// A port of the nodes that the cluster chooses is one of those of the service.
	for i := range other {
		other[i].certain = other[i].certain && !q.portsKnown && other[i].protocol == other[0].protocol && other[i].port == other[0].port &&
			!slices.ContainsFunc(other, func(l leading) bool { return l.protocol != other[0].protocol || l.port != other[0].port })
	}
	return other
}

// throughPods lets in whom the policies of some pods behind the port admit.
func (f *facts) throughPods(e *exposure, routes []leading) {
	if mechanism, _ := textOf(e.port.item, "mechanism"); mechanism != "load_balancer" {
		e.via = "host"
	}
	first := true
	var sum admission
	for _, l := range routes {
		q := query{protocol: l.protocol, from: l.target.from, to: l.target.to, portsKnown: l.known}
		a := f.ofPods(l.pods, q)
		a.seen(l.client)
		if !l.certain {
			a.doubt("whether it leads to " + l.pods.item.ID() + " is not known")
		}
		if l.pods.chain != "" && !slices.Contains(e.chains, l.pods.chain) {
			e.chains = append(e.chains, l.pods.chain)
		}
		if first {
			sum, first = a, false
			continue
		}
		sum = sum.union(a)
	}
	e.admission = sum
	f.throughBalancer(e)
}

// throughBalancer: security groups of a load balancer stand before the pods' policies.
func (f *facts) throughBalancer(e *exposure) {
	if groups, known := objectsOf(e.port.item, "groups"); known && len(groups) == 0 {
		return
	}
	before := exposure{port: e.port, q: e.q}
	f.throughGroups(&before)
	other := before.admission.bounds
	if len(before.admission.groups) > 0 {
		other = other.union(possibly(routedInside()))
	}
	for _, reason := range before.admission.reasons {
		e.admission.because(reason)
	}
	e.chains = append(e.chains, before.chains...)
	e.restrict(other)
}

// seen allows for policies that see another's address than the client's: they say
// nothing of the client, unless they admit everybody. A port that a proxy holds is
// reached whomever the pods behind it admit, if that may be the proxy.
func (a *admission) seen(client string) {
	switch {
	case client == "kept" || a.must.covers(allSources()):
	case client == "proxied" && (!a.may.empty() || len(a.groups) > 0):
		*a = admission{bounds: exactly(allSources())}
	default:
		a.doubt("policies see the address of a node or of a proxy, not the client's")
		a.everyone("")
	}
}

// ofPods is who the policies of pods let in to a port of theirs.
func (f *facts) ofPods(g *podGroup, q query) admission {
	var a admission
	for _, m := range g.admits {
		r := f.byRef[m.rule]
		if r == nil {
			a.everyone(cmp.Or(m.rule, "a rule") + " was not collected")
			continue
		}
		for _, one := range m.on(r) {
			a.add(one, q)
		}
	}
	a.sum()
	if g.unread {
		a.everyone(g.why("admits"))
	}
	switch g.isolated {
	case never:
		// What rules there are admit no more than everybody.
		a = admission{bounds: exactly(allSources())}
	case perhaps:
		a.everyone(g.why("isolated"))
	}
	if g.host != never && g.isolated != never {
		reason := "policies may not be applied to pods that use the network of their node"
		if g.host == perhaps {
			reason = g.why("host_network")
		}
		a.everyone(reason)
	}
	for _, reason := range f.unmodelled(g) {
		a.doubt(reason)
		a.everyone(reason)
	}
	return a
}

// unmodelled is what else may decide about pods, or take back what rules admit.
func (f *facts) unmodelled(g *podGroup) []string {
	if g.chain == "" {
		return []string{g.why("chain")}
	}
	c := f.chains[g.chain]
	if c == nil {
		return []string{g.chain + " was not collected"}
	}
	list, known := objectsOf(c.item, "opaque")
	if !known {
		return []string{c.why("opaque")}
	}
	var reasons []string
	for _, o := range list {
		text, _ := textOf(o, "text")
		reason, _ := textOf(o, "reason")
		reasons = append(reasons, text+": "+reason)
	}
	return reasons
}

// on is the rule as it applies to the pods, once for each range of ports.
func (m underRule) on(r *filterRule) []*filterRule {
	ports := m.ports
	if len(ports) == 0 {
		ports = []portSpan{{0, 65535}}
	}
	var list []*filterRule
	for _, s := range ports {
		one := *r
		one.from, one.to, one.portsKnown = s.from, s.to, m.known
		if !m.certain {
			one = *one.perhaps()
		}
		list = append(list, &one)
	}
	return list
}
