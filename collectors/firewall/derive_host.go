package firewall

import (
	"cmp"
	"net/netip"
	"path"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/netfilter"
	"github.com/writ-policy/writ/engine/fact"
)

// machine is what the facts say of a Linux host: its listeners, and what filters and
// routes the packets that come to them.
type machine struct {
	target    fact.Target
	listeners []entry
	rulesets  []*fact.Document
	spaces    []entry // firewall.namespace
	collected map[string]bool

	programs [2]*program // IPv4, IPv6
	layers   []layer
	unsure   string // why there may be more layers
	byAt     map[socketKey]*reached
}

// layer is something besides netfilter that decides.
type layer struct{ kind, place string }

// socketKey tells the sockets of a host apart.
type socketKey struct {
	netns, protocol string
	port            int
	v6              bool
}

func (f *facts) machine(t fact.Target) *machine {
	m := f.machines[t.ID]
	if m == nil {
		m = &machine{target: t, collected: map[string]bool{}, byAt: map[socketKey]*reached{}}
		f.machines[t.ID] = m
	}
	return m
}

// addHost notes a document about a host.
func (f *facts) addHost(d *fact.Document) {
	m := f.machine(d.Target)
	m.collected[d.Kind] = true
	switch d.Kind {
	case "port.listener":
		m.listeners = append(m.listeners, entries(d)...)
	case "firewall.namespace":
		m.spaces = append(m.spaces, entries(d)...)
	case "firewall.ruleset":
		m.rulesets = append(m.rulesets, d)
	}
}

// read makes the host's filters ready.
func (m *machine) read() {
	host := &space{}
	list := []*space{host}
	find := func(name string) *space {
		for _, s := range list {
			if s.name == name {
				return s
			}
		}
		s := &space{name: name}
		list = append(list, s)
		return s
	}
	for _, e := range m.spaces {
		name, known := textOf(e.item, "netns")
		if !known {
			host.unread = cmp.Or(host.unread, "a network namespace has no name: "+e.why("netns"))
			continue
		}
		s := find(name)
		s.wiring = wiringOf(e)
		m.readLayers(e, name)
	}
	if !slices.ContainsFunc(m.spaces, func(e entry) bool { name, known := textOf(e.item, "netns"); return known && name == "" }) {
		m.unsure = "what besides netfilter decides was not collected"
	}
	for _, d := range m.rulesets {
		tables, errs := netfilter.Decode(d)
		for _, err := range errs {
			host.unread = cmp.Or(host.unread, err.Error())
		}
		for _, t := range tables {
			if t.State == netfilter.Persisted {
				continue
			}
			s := find(t.NetNS)
			s.tables = append(s.tables, t.Table)
		}
		if !d.Complete && len(d.Reasons) == 0 {
			host.unread = cmp.Or(host.unread, "not all of the host's filters were read")
		}
		for _, reason := range d.Reasons {
			if strings.HasPrefix(reason, ofKept) || stands(tables, reason) {
				continue // of no running table, or what one of them says itself
			}
			s := host
			if rest, inside := strings.CutPrefix(reason, "network namespace "); inside {
				if name, _, named := strings.Cut(rest, ": "); named && name != "" {
					s = find(name)
				}
			}
			s.unread = cmp.Or(s.unread, reason)
		}
	}
	if !m.collected["firewall.ruleset"] {
		host.unread = "the host's filters were not collected"
	}
	for i, v6 := range []bool{false, true} {
		m.programs[i] = compile(list, v6, false, nil)
	}
}

// stands reports whether a reason is that of something opaque in a running table.
func stands(tables []netfilter.Stored, reason string) bool {
	return slices.ContainsFunc(tables, func(t netfilter.Stored) bool {
		return t.State == netfilter.Running && slices.ContainsFunc(t.Opaque, func(o netfilter.Opaque) bool {
			return reason == o.Reason || t.NetNS != "" && reason == "network namespace "+t.NetNS+": "+o.Reason
		})
	})
}

// wiringOf reads a firewall.namespace.
func wiringOf(e entry) wiring {
	var w wiring
	links, known := objectsOf(e.item, "interfaces")
	w.known = known
	vrf := false
	for _, o := range links {
		var l link
		var named, placed, told bool
		l.name, named = textOf(o, "name")
		kind, _ := textOf(o, "type")
		l.loopback = kind == "loopback" || l.name == "lo"
		vrf = vrf || kind == "vrf"
		master, _ := textOf(o, "master")
		l.inner = master != ""
		addresses, ok := textsOf(o, "addresses")
		placed = ok
		for _, text := range addresses {
			p, err := netip.ParsePrefix(text)
			if err != nil {
				placed = false
				continue
			}
			l.addresses = append(l.addresses, p)
		}
		for i, name := range []string{"forwarding_v4", "forwarding_v6"} {
			// Not known to be off is on: then filters decide.
			yes, ok := boolOf(o, name)
			l.forward[i] = yes || !ok
		}
		up, isKnown := boolOf(o, "up")
		told = named && placed
		w.known = w.known && told
		if !up && isKnown {
			continue
		}
		w.interfaces = append(w.interfaces, l)
	}
	routes, known := objectsOf(e.item, "routes")
	policy, told := boolOf(e.item, "policy_routing")
	w.routed = known && told && !policy && !vrf && w.known
	for _, o := range routes {
		if !w.addRoute(o) {
			w.routed = false
		}
	}
	local, told := boolOf(e.item, "local_nets")
	w.localNets = local || !told
	return w
}

// addRoute adds a route; false if it could not be read.
func (w *wiring) addRoute(o object) bool {
	table, ok1 := numberOf(o, "table")
	kind, ok2 := textOf(o, "type")
	text, ok3 := textOf(o, "destination")
	name, ok4 := textOf(o, "interface")
	metric, _ := numberOf(o, "metric")
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return false
	}
	if table != 254 && table != 253 {
		return true // local ones follow from the addresses, others are not asked
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return false
	}
	r := wayOut{to: p.Masked(), link: name, metric: metric}
	switch kind {
	case "unicast":
	case "blackhole", "unreachable", "prohibit":
		r.refused = true
	case "local", "broadcast", "anycast", "multicast":
		return true
	default:
		r.link = ""
	}
	w.routes = append(w.routes, r)
	return true
}

func (m *machine) readLayers(e entry, netns string) {
	list, known := objectsOf(e.item, "layers")
	if !known && netns == "" {
		m.unsure = e.why("layers")
	}
	for _, o := range list {
		kind, _ := textOf(o, "type")
		where, _ := textOf(o, "place")
		if l := (layer{kind, where}); !slices.Contains(m.layers, l) {
			m.layers = append(m.layers, l)
		}
	}
}

// passing reports whether a layer may send packets past netfilter; the others can only
// refuse them.
func (l layer) passing() bool { return l.kind == "xdp" || l.kind == "tc" || l.kind == "ipvs" }

func (l layer) String() string {
	if l.place == "" {
		return l.kind
	}
	return l.kind + " at " + l.place
}

// beside are the layers that a verdict leaves out.
func (m *machine) beside(passing bool) string {
	var names []string
	for _, l := range m.layers {
		if l.passing() || !passing {
			names = append(names, l.String())
		}
	}
	return strings.Join(names, ", ")
}

var protocolNumbers = map[string]uint8{"tcp": 6, "udp": 17, "sctp": 132}

// proxies hold a port for a container; the kernel sends packets to it past them.
var proxies = []string{"docker-proxy"}

// ofListener is the exposure of a listener.
func (f *facts) ofListener(m *machine, p entry) hostExposure {
	e := exposure{id: p.item.ID(), of: "port.listener", target: p.doc.Target, port: p, at: p.at(), via: "host", gaps: map[string]string{}, cap: scopeInternet}
	h := hostExposure{exposure: e, machine: m}
	for _, name := range []string{"protocol", "address"} {
		if p.item[name] == nil {
			h.gaps[name] = p.why(name)
		}
	}
	if p.item["port"] == nil {
		h.gaps["port_from"], h.gaps["port_to"] = p.why("port"), p.why("port")
	}
	h.q.protocol, _ = textOf(p.item, "protocol")
	port, known := numberOf(p.item, "port")
	h.q.from, h.q.to, h.q.portsKnown = port, port, known
	h.families, h.familiesOK = textsOf(p.item, "families")
	if wire, ok := p.item["wire"].(object); ok {
		h.product, _ = textOf(wire, "name")
	}
	netns, told := textOf(p.item, "netns")
	text, _ := textOf(p.item, "address")
	a, err := netip.ParseAddr(text)
	h.at = p.at("port")
	if netns != "" {
		h.via = "container"
	}
	proxied := f.proxied(p)
	if proxied {
		h.via = "container"
	}
	number, asks := protocolNumbers[h.q.protocol]
	switch {
	case h.q.protocol == "unix":
		h.private(&h.exposure)
		return h
	case !told || !known || !asks || err != nil || !h.familiesOK:
		h.unknown("protocol, address and port of the listener are not all known")
		return h
	}
	for i, name := range []string{"ipv4", "ipv6"} {
		if !slices.Contains(h.families, name) {
			continue
		}
		address := a.WithZone("")
		if address.IsUnspecified() && address.Is6() != (i == 1) {
			address = netip.IPv4Unspecified() // one socket for both families
		}
		address = address.Unmap()
		key := socketKey{netns, h.q.protocol, port, i == 1}
		h.reached[i] = m.programs[i].listen(ear{space: netns, protocol: number, address: address, port: uint16(port), proxied: proxied})
		m.byAt[key] = widest(m.programs[i], m.byAt[key], h.reached[i])
		h.sibling = m.byAt[socketKey{netns, h.q.protocol, port, false}]
	}
	h.chains = f.chainsOf(m.target.ID, h.via, h.families)
	h.settle(f)
	if a.IsLoopback() && h.admission.may.empty() && m.unsure == "" {
		h.private(&h.exposure)
		return h
	}
	scope, known := textOf(p.item, "scope")
	if netns == "" && !proxied && !a.IsLoopback() {
		h.limit(scope, known, p.why("scope"))
	}
	return h
}

// widest keeps the answers of several sockets of one port together.
func widest(p *program, a, b *reached) *reached {
	if a == nil || a.reason != "" || b.reason != "" {
		return b
	}
	sum := &reached{answers: slices.Clone(a.answers)}
	for i := range sum.answers {
		sum.answers[i] = p.choose(sum.answers[i], b.answers[i])
	}
	return sum
}

func (h *hostExposure) private(e *exposure) {
	e.cap, e.note = scopeLoopback, "bound to loopback"
	e.admission.bounds = exactly(loopback())
	h.lone = true
}

func (h *hostExposure) unknown(reason string) {
	h.reason = reason
	h.admission.everyone(reason)
	if !h.familiesOK {
		h.families = nil
	}
}

// proxied reports whether a listener only stands for a container's.
func (f *facts) proxied(p entry) bool {
	owners, _ := objectsOf(p.item, "owners")
	for _, o := range owners {
		if exe, _ := textOf(o, "exe"); slices.Contains(proxies, path.Base(exe)) {
			return true
		}
	}
	return false
}

// chainsOf are the chains that decide about a listener.
func (f *facts) chainsOf(target, via string, families []string) []string {
	hook := "input"
	if via == "container" {
		hook = "forward"
	}
	var refs []string
	for _, c := range f.order {
		if c.doc.Target.ID == target && c.product == "netfilter" && c.hook == hook {
			if family, known := textOf(c.item, "family"); known && family != "inet" && !slices.Contains(families, family) {
				continue
			}
			refs = append(refs, c.ref())
		}
	}
	return refs
}

// speaksV6 reports whether a listener is one by IPv6 alone.
func (e entry) speaksV6() bool {
	list, _ := textsOf(e.item, "families")
	return slices.Contains(list, "ipv6") && !slices.Contains(list, "ipv4")
}

func boolRank(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
