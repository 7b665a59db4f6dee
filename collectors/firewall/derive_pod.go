package firewall

import (
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/vpc"
)

// ofWorkload yields the exposures of pods: of the ports that their containers name,
// and of other ports that policies admit by number.
func (f *facts) ofWorkload(g *podGroup) []exposure {
	var out []exposure
	seen := map[query]bool{}
	ports, known := objectsOf(g.item, "ports")
	for i, o := range ports {
		q := query{to: 65535}
		q.protocol, _ = textOf(o, "protocol")
		if port, known := numberOf(o, "port"); known {
			q.from, q.to, q.portsKnown = port, port, true
		}
		if seen[q] {
			continue
		}
		seen[q] = true
		if g.host == always && f.publishes(g, q) {
			continue
		}
		e := f.ofPodPort(g, q)
		e.at = g.at("ports", itoa(i))
		e.flow.at = e.at
		if q.protocol == "" {
			e.gaps["protocol"] = g.why("ports", itoa(i), "protocol")
		}
		if !q.portsKnown {
			e.gaps["port_from"] = g.why("ports", itoa(i), "port")
			e.gaps["port_to"] = e.gaps["port_from"]
		}
		out = append(out, e)
	}
	if g.isolated == never {
		return out
	}
	for _, q := range f.besides(g, known, seen) {
		out = append(out, f.ofPodPort(g, q))
	}
	return out
}

// publishes reports whether a port of pods that use the network of their node is
// itself a published one.
func (f *facts) publishes(g *podGroup, q query) bool {
	return slices.ContainsFunc(f.ports, func(p entry) bool {
		resource, _ := textOf(p.item, "resource")
		return p.doc.Target.ID == g.doc.Target.ID && resource == g.item.ID() && queryOf(p) == q
	})
}

// besides are the port ranges that rules admit and no container names. Where what
// containers name is not known they are only told if a rule admits some.
func (f *facts) besides(g *podGroup, known bool, named map[query]bool) []query {
	var rules []*filterRule
	for _, m := range g.admits {
		r := f.byRef[m.rule]
		if r == nil || len(m.ports) == 0 || !m.known || r.protocol == "" || r.protocol == vpc.Any {
			continue
		}
		for _, one := range m.on(r) {
			if one.to-one.from < 65535 {
				rules = append(rules, one)
			}
		}
	}
	var out []query
	for _, protocol := range [...]string{"sctp", "tcp", "udp"} {
		list := ranges(rules, protocol)
		for q := range named {
			if q.certain() && q.protocol == protocol {
				list = without(list, q)
			}
		}
		out = append(out, list...)
	}
	return out
}

// portText is text with the ports of SCTP, which pods have.
func (q query) portText() string {
	if q.protocol != "sctp" || !q.portsKnown {
		return q.text()
	}
	q.protocol = "tcp"
	return "sctp" + strings.TrimPrefix(q.text(), "tcp")
}

func (f *facts) ofPodPort(g *podGroup, q query) exposure {
	e := exposure{
		id: g.item.ID() + "/" + q.portText(), of: "firewall.chain", target: g.doc.Target, gaps: map[string]string{}, q: q, at: g.at(), via: "container",
		families: []string{"ipv4", "ipv6"}, familiesOK: true,
	}
	if g.chain == "" {
		e.gaps["chain"] = g.why("chain")
		e.flow = flow{acceptedReason: e.gaps["chain"], deniedReason: e.gaps["chain"]}
	} else {
		e.chains = []string{g.chain}
		e.flow = flow{acceptedReason: g.chain + " was not collected", deniedReason: g.chain + " was not collected"}
		if c := f.chains[g.chain]; c != nil {
			e.flow = readFlow(c.entry)
			e.flow.at = e.at
		}
	}
	e.admission = f.ofPods(g, q)
	// Pods have addresses of the cluster's own network, or those of their node.
	why := "the pods use the addresses of their node"
	if g.host == perhaps {
		why = g.why("host_network")
	}
	e.limit("internal", g.host == never, why)
	return e
}
