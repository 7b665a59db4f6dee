package firewall

import (
	"context"
	"slices"

	"github.com/writ-policy/writ/engine/fact"
)

// Exposure derives who may reach what: one firewall.exposure per listener of a host,
// per published port,
// one per port range that a security group admits and no published port of that
// group covers, and one per port that pods name or that their policies admit.
//
// Sources are exact sets of addresses, kept twice where something is not known:
// who certainly and who possibly gets in. A port is reachable if the first set
// is not empty, unreachable if the second is empty, else that is unknown.
type Exposure struct{}

// Name is the topic.
func (Exposure) Name() string { return "firewall" }

// Needs lists the kinds it reads.
func (Exposure) Needs() []string {
	return []string{"data.store", "firewall.chain", "firewall.namespace", "firewall.rule", "firewall.ruleset", "firewall.workload", "port.listener", "port.published", "register.network", "register.port"}
}

// Yields lists the kinds.
func (Exposure) Yields() []string { return []string{"firewall.exposure"} }

// Derive yields one document per target that has filters, published ports or pods.
func (Exposure) Derive(_ context.Context, docs []*fact.Document) ([]*fact.Document, error) {
	f := readFacts(docs)
	var out []*fact.Document
	for _, t := range f.targets {
		out = append(out, f.exposures(t))
	}
	return out, nil
}

// exposure is one answer before it is written.
type exposure struct {
	id         string
	of         string // kind
	target     fact.Target
	port       entry // port.published, if it is of one
	chains     []string
	product    string
	gaps       map[string]string // fields not known, and why
	q          query
	at         fact.Position
	via        string // "" for cloud
	admission  admission
	note       string
	cap        int // the widest scope it can have; -1 where that is not known
	families   []string
	familiesOK bool
	flow       flow
}

func (f *facts) exposures(t fact.Target) *fact.Document {
	b := newDocument(t, f.docs[t.ID])
	taken := map[string]bool{}
	for _, p := range f.ports {
		if p.doc.Target.ID == t.ID {
			taken[p.item.ID()] = true
			f.write(b, f.ofPort(p))
		}
	}
	for _, w := range f.workloads[t.ID] {
		for _, e := range f.ofWorkload(w) {
			if !taken[e.id] {
				taken[e.id] = true
				f.write(b, e)
			}
		}
	}
	for _, c := range f.order {
		if c.doc.Target.ID == t.ID && c.may("hook", "input") && (c.may("product", "security_group") || c.prioritised()) {
			for _, e := range f.ofChain(c) {
				taken[e.id] = true
				f.write(b, e)
			}
		}
	}
	for _, c := range f.order {
		if c.doc.Target.ID == t.ID && c.may("product", nsg) && c.may("hook", "input") {
			for _, e := range f.ofNSG(c) {
				if !taken[e.id] {
					taken[e.id] = true
					f.write(b, e)
				}
			}
		}
	}
	if m := f.machines[t.ID]; m != nil && m.collected["port.listener"] {
		m.read()
		// By IPv4 first: what listens by IPv6 is compared with it.
		slices.SortStableFunc(m.listeners, func(a, b entry) int {
			return boolRank(a.speaksV6()) - boolRank(b.speaksV6())
		})
		for _, p := range m.listeners {
			f.writeHost(b, f.ofListener(m, p))
		}
	}
	for _, r := range f.loose[t.ID] {
		if (r.mayBeGroup() || r.accept && !f.inLists(t.ID)) && !icmp(r.protocol) {
			f.write(b, f.ofLoose(r))
		}
	}
	return b.Document()
}

func newDocument(t fact.Target, docs []*fact.Document) *fact.Builder {
	latest := docs[0]
	for _, d := range docs {
		if d.CollectedAt.After(latest.CollectedAt) {
			latest = d
		}
	}
	by := fact.Collector{Name: "firewall", Version: latest.Collector.Version, Method: "derived", Privileges: latest.Collector.Privileges}
	b := fact.NewBuilder("firewall.exposure", t, by, latest.CollectedAt)
	needed := []string{"firewall.chain", "firewall.rule", "port.published"}
	if slices.ContainsFunc(docs, func(d *fact.Document) bool { return d.Kind == "port.listener" || d.Kind == "firewall.ruleset" }) {
		needed = []string{"firewall.chain", "firewall.namespace", "firewall.rule", "firewall.ruleset", "port.listener"}
	}
	for _, kind := range needed {
		i := slices.IndexFunc(docs, func(d *fact.Document) bool { return d.Kind == kind })
		if i < 0 {
			b.Incomplete(kind + " was not collected")
		}
	}
	for _, d := range docs {
		for _, s := range d.Sources {
			b.Source(s.URI, s.SHA256)
		}
		if !d.Complete {
			for _, r := range d.Reasons {
				b.Incomplete(r)
			}
			if len(d.Reasons) == 0 {
				b.Incomplete(d.Kind + " is not complete")
			}
		}
	}
	return b
}

// queryOf reads protocol and ports of an item.
func queryOf(e entry) query {
	q := query{to: 65535}
	q.protocol, _ = textOf(e.item, "protocol")
	from, ok1 := numberOf(e.item, "port_from")
	to, ok2 := numberOf(e.item, "port_to")
	if ok1 && ok2 {
		q.from, q.to, q.portsKnown = from, to, true
	}
	return q
}

// ofPort is the exposure of a published port: what its groups admit, of what the
// service itself admits, through the ACLs of its subnets, as wide as its
// addresses allow.
func (f *facts) ofPort(p entry) exposure {
	e := exposure{id: p.item.ID(), of: "port.published", target: p.doc.Target, port: p, q: queryOf(p), at: p.at(), gaps: map[string]string{}}
	for _, name := range []string{"product", "protocol", "address", "port_from", "port_to"} {
		if p.item[name] == nil {
			e.gaps[name] = p.why(name)
		}
	}
	e.product, _ = textOf(p.item, "product")
	e.families, e.familiesOK = textsOf(p.item, "families")
	mechanism, known := textOf(p.item, "mechanism")
	if e.via = opened(mechanism); !known {
		e.gaps["via"] = p.why("mechanism")
	}
	e.flow = readFlow(p)
	scope, known := textOf(p.item, "scope")
	if known && scopeRank(scope) == scopeLoopback {
		f.fromItself(&e)
		return e
	}
	if routes := f.routesTo(p); len(routes) > 0 {
		f.throughPods(&e, routes)
	} else {
		f.throughGroups(&e)
	}
	f.throughService(&e)
	f.throughACLs(&e)
	e.limit(scope, known, p.why("scope"))
	return e
}

// opened is where a mechanism opens a port.
func opened(mechanism string) string {
	switch mechanism {
	case "compose":
		return "container"
	case "host_network", "host_port", "node_port":
		return "host"
	}
	return "cloud"
}

// fromItself is for a port that only the host itself has a route to: no filter stands
// between the two.
func (f *facts) fromItself(e *exposure) {
	e.cap, e.note = scopeLoopback, "bound to loopback"
	e.admission.bounds = exactly(loopback())
	f.throughService(e)
}

// private reports whether nobody but the host itself gets to the port. Such sources
// lie in no network: nobody declares them, and they are of no environment.
func (e exposure) private() bool { return e.cap == scopeLoopback }

func (f *facts) throughGroups(e *exposure) {
	p := e.port
	groups, known := objectsOf(p.item, "groups")
	switch {
	case !known:
		e.admission.everyone(p.why("groups"))
		return
	case len(groups) == 0:
		e.admission.bounds = exactly(allSources())
		return
	}
	for i, g := range groups {
		refs, known := textsOf(g, "chain")
		if !known || len(refs) == 0 {
			e.admission.everyone(p.why("groups", itoa(i), "chain"))
			continue
		}
		for _, ref := range refs {
			e.chains = append(e.chains, ref)
			e.admission = e.admission.union(f.ofGroup(ref, e.q))
		}
	}
}

func (f *facts) throughService(e *exposure) {
	admits, known := blocksOf(e.port.item, "admits")
	if !known {
		e.admission.because(e.port.why("admits"))
		e.restrict(bounds{must: sources{}, may: allSources()})
		return
	}
	e.restrict(exactly(admits))
}

// restrict keeps what another filter on the way lets through as well.
func (e *exposure) restrict(other bounds) {
	a := &e.admission
	a.bounds = a.bounds.intersect(other)
	for i := range a.deciders {
		a.deciders[i].bounds = a.deciders[i].bounds.intersect(other)
	}
	inside := other.must.covers(routedInside())
	for i := range a.groups {
		// Members have addresses inside, but which is not known.
		a.groups[i].certain = a.groups[i].certain && inside
	}
	if other.may.intersect(internal()).empty() {
		a.groups = nil
	}
}

// throughACLs: a port that stands in several subnets is reached if it is in one.
func (f *facts) throughACLs(e *exposure) {
	subnets, known := objectsOf(e.port.item, "network_acls")
	if !known {
		e.admission.because(e.port.why("network_acls"))
		e.restrict(bounds{may: allSources()})
		return
	}
	if len(subnets) == 0 {
		return
	}
	var open bounds
	var by []decider
	var members []groupSource
	for i, s := range subnets {
		refs, known := textsOf(s, "chain")
		if !known {
			e.admission.because(e.port.why("network_acls", itoa(i), "chain"))
			open = open.union(possibly(allSources()))
			continue
		}
		e.chains = append(e.chains, refs...)
		if f.areNSG(refs) {
			p := f.passNSG(refs, e.q, false)
			open, by = open.union(p.bounds), append(by, p.deciders...)
			members = append(members, p.groups...)
			f.nsgDoubts(&e.admission, refs, e.q)
			continue
		}
		one, deciders := f.ofACL(refs, e.q)
		open = open.union(one)
		by = append(by, deciders...)
	}
	e.restrict(open)
	for _, g := range members {
		e.admission.addGroup(g)
	}
	for _, d := range by {
		d.bounds = d.bounds.intersect(e.admission.bounds)
		e.admission.deciders = append(e.admission.deciders, d)
	}
}

// limit applies what addresses the port has: without public ones, sources
// outside of private space are at most possible (a network of public addresses
// may be connected by other means), and the scope is internal.
func (e *exposure) limit(scope string, known bool, why string) {
	a := &e.admission
	e.cap = scopeRank(scope)
	switch {
	case !known:
		e.cap = -1
		e.note = "whether it has public addresses is not known: " + why
		a.because(why)
	case e.cap >= scopePartner:
		return
	default:
		e.note = "no public address"
	}
	e.restrict(bounds{must: routedInside(), may: allSources()})
}
