package firewall_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// asked is one source: an address, or pods.
type asked struct {
	address netip.Addr
	pods    *genPods
}

// selects says whether labels meet a selector.
func (s genSelector) selects(labels map[string]string, open ...bool) answer {
	all := yes
	for _, r := range s {
		value, there := labels[r.key]
		if len(open) > 0 && open[0] && !there {
			all = min(all, maybe)
			continue
		}
		one := no
		switch r.op {
		case "=", "In":
			if there && slices.Contains(r.values, value) {
				one = yes
			}
		case "NotIn":
			if !there || !slices.Contains(r.values, value) {
				one = yes
			}
		case "Exists":
			if there {
				one = yes
			}
		case "DoesNotExist":
			if !there {
				one = yes
			}
		}
		if there && value == "?" && r.op != "Exists" && r.op != "DoesNotExist" {
			one = maybe
		}
		all = min(all, one)
	}
	return all
}

// holds says whether a peer stands for a source. Whether a block stands for pods
// with addresses inside of it is left to the network plugin.
func (c genCluster) holds(p genPeer, own string, source asked) answer {
	switch {
	case p.cidr.IsValid() && source.pods != nil:
		return maybe
	case p.cidr.IsValid():
		for _, e := range p.except {
			if e.Contains(source.address) {
				return no
			}
		}
		if p.cidr.Contains(source.address) {
			return yes
		}
		return no
	case source.pods == nil:
		return no
	}
	in := no
	if p.namespaces == nil && source.pods.namespace == own {
		in = yes
	}
	if p.namespaces != nil {
		labels := map[string]string{"kubernetes.io/metadata.name": source.pods.namespace, "team": "?"}
		if source.pods.namespace == "" {
			labels["kubernetes.io/metadata.name"] = "?"
		}
		for _, n := range c.namespaces {
			if n.name == source.pods.namespace && n.labels != nil {
				labels["team"] = n.labels["team"]
			}
		}
		in = p.namespaces.selects(labels)
	}
	if p.pods != nil {
		in = min(in, p.pods.selects(source.pods.labels))
	}
	return in
}

func (m genMatch) named() bool { return m.port != "" && m.port[0] > '9' }

func (m genMatch) speaks(protocol string) bool {
	return m.protocol == protocol || m.protocol == "" && protocol == "TCP"
}

func (m genMatch) holds(pods genPods, protocol string, port int) bool {
	if !m.speaks(protocol) {
		return false
	}
	var from int
	switch _, err := fmt.Sscanf(m.port, "%d", &from); {
	case m.port == "":
		return true
	case err == nil:
		return from <= port && port <= max(from, m.end)
	}
	for _, p := range pods.ports {
		if p.name == m.port && p.protocol == protocol && p.number == port {
			return true
		}
	}
	return false
}

// admits asks every policy of the pods' namespace in turn.
func (c genCluster) admits(pods genPods, protocol string, port int, source asked) answer {
	isolated, admitted := no, no
	for _, p := range c.policies {
		if p.namespace != pods.namespace {
			continue
		}
		force := p.pods.selects(pods.labels, pods.open)
		if force = min(force, p.isolates("Ingress")); force == no {
			continue
		}
		isolated = max(isolated, force)
		for _, r := range p.ingress {
			ports := len(r.ports) == 0 || slices.ContainsFunc(r.ports, func(m genMatch) bool { return m.holds(pods, protocol, port) })
			force := force
			if !ports {
				// A name may be any port of pods of which nothing is known.
				if !pods.open || !slices.ContainsFunc(r.ports, func(m genMatch) bool { return m.named() && m.speaks(protocol) }) {
					continue
				}
				force = min(force, maybe)
			}
			from := no
			if len(r.from) == 0 {
				from = yes
			}
			for _, peer := range r.from {
				from = max(from, c.holds(peer, p.namespace, source))
			}
			admitted = max(admitted, min(force, from))
		}
	}
	for _, namespace := range c.opaque {
		if namespace == "*" || namespace == pods.namespace {
			return maybe
		}
	}
	switch {
	case isolated == no:
		return yes
	case isolated == maybe || pods.host || pods.open:
		return max(admitted, maybe)
	}
	return admitted
}

func (p genPods) id() string {
	if p.namespace == "" {
		return p.kind + "/" + p.name
	}
	return p.namespace + "/" + p.kind + "/" + p.name
}

// sources are addresses at and beside the borders of all blocks, and all pods.
func (c genCluster) sources() []asked {
	var list []asked
	add := func(a netip.Addr) {
		if a.IsValid() && !slices.ContainsFunc(list, func(s asked) bool { return s.address == a }) {
			list = append(list, asked{address: a})
		}
	}
	for _, text := range []string{"0.0.0.0", "255.255.255.255", "10.77.0.1", "192.168.0.1", "198.51.100.1", "203.0.113.200", "::", "2001:db8:ffff::1", "fd77::1", "fe80::1"} {
		add(netip.MustParseAddr(text))
	}
	for _, p := range c.policies {
		for _, r := range slices.Concat(p.ingress, p.egress) {
			for _, peer := range r.from {
				for _, b := range append([]netip.Prefix{peer.cidr}, peer.except...) {
					if b.IsValid() {
						last := lastOf(b)
						for _, a := range []netip.Addr{b.Addr(), b.Addr().Prev(), last, last.Next()} {
							add(a)
						}
					}
				}
			}
		}
	}
	for i := range c.pods {
		list = append(list, asked{pods: &c.pods[i]})
	}
	return list
}

func (p genPeer) text(own string) string {
	text := "all pods"
	if p.pods != nil && len(*p.pods) > 0 {
		text = "pods " + p.pods.text()
	}
	switch {
	case p.namespaces == nil && own == "":
		return text + " of the same namespace"
	case p.namespaces == nil:
		return text + " of namespace " + own
	case len(*p.namespaces) == 0:
		return text + " of all namespaces"
	case (*p.namespaces)[0].key == "kubernetes.io/metadata.name":
		return text + " of namespace pay"
	}
	return text + " of namespaces " + p.namespaces.text()
}

func (s genSelector) text() string {
	var parts []string
	for _, r := range s {
		values := slices.Compact(slices.Sorted(slices.Values(r.values)))
		switch {
		case r.op == "Exists":
			parts = append(parts, r.key)
		case r.op == "DoesNotExist":
			parts = append(parts, "!"+r.key)
		case r.op == "NotIn" && len(values) == 1:
			parts = append(parts, r.key+"!="+values[0])
		case r.op == "NotIn":
			parts = append(parts, r.key+" notin ("+strings.Join(values, ",")+")")
		case len(values) == 1:
			parts = append(parts, r.key+"="+values[0])
		default:
			parts = append(parts, r.key+" in ("+strings.Join(values, ",")+")")
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}

// reaches asks whether a source reaches a service from outside of the cluster.
func (c genCluster) reaches(s genService, source asked) answer {
	inside := false
	for _, text := range s.ranges {
		inside = inside || netip.MustParsePrefix(text).Contains(source.address)
	}
	if !inside {
		return no
	}
	best, found := no, no
	try := func(pods genPods, by answer) {
		label := by
		var number int
		target := genMatch{protocol: s.protocol, port: s.target}
		switch _, err := fmt.Sscanf(s.target, "%d", &number); {
		case s.target == "":
			number = s.port
		case err == nil:
		case pods.open:
			by = min(by, maybe)
		default:
			i := slices.IndexFunc(pods.ports, func(p genPort) bool { return target.holds(pods, p.protocol, p.number) && p.name == s.target })
			if i < 0 {
				return
			}
			number = pods.ports[i].number
		}
		found = max(found, label)
		one := no
		if number == 0 {
			// Any port: what is certain for all of them is not worth asking for.
			one = maybe
		} else {
			one = c.admits(pods, s.protocol, number, source)
			if !s.local {
				for _, other := range c.sources() {
					if other.pods == nil && c.admits(pods, s.protocol, number, other) != yes {
						one = maybe
					}
				}
			}
		}
		if one == yes {
			one = min(one, by)
		}
		best = max(best, one)
	}
	for _, pods := range c.pods {
		by := yes
		if pods.namespace != s.namespace {
			continue
		}
		for key, value := range s.selector {
			by = min(by, genSelector{{key, "=", []string{value}}}.selects(pods.labels))
		}
		if by != no {
			try(pods, by)
		}
	}
	if found != yes {
		try(genPods{namespace: s.namespace, labels: s.selector, open: true}, yes)
	}
	if best == yes && s.scope == "internal" && !isInside(source.address) {
		best = maybe
	}
	return best
}

// normally asks what becomes of traffic of pods whose labels nobody knows.
func (c genCluster) normally(namespace, direction string) answer {
	isolated := no
	for _, p := range c.policies {
		if p.namespace == namespace && len(p.pods) == 0 {
			isolated = max(isolated, p.isolates(direction))
		}
	}
	if c.isOpaque(namespace) {
		return maybe
	}
	return isolated
}

func (c genCluster) isOpaque(namespace string) bool {
	return slices.Contains(c.opaque, "*") || slices.Contains(c.opaque, namespace)
}

func (p genPolicy) isolates(direction string) answer {
	types := p.types
	if strings.Contains(p.invalid, "policyTypes") {
		return maybe
	}
	if types == nil {
		types = []string{"Ingress"}
		if len(p.egress) > 0 {
			types = append(types, "Egress")
		}
	}
	switch {
	case !slices.Contains(types, direction):
		return no
	case p.invalid != "":
		return maybe
	}
	return yes
}

// sends asks whether some pod of a namespace may connect to an address.
func (c genCluster) sends(namespace string, to asked) answer {
	best := no
	switch c.normally(namespace, "Egress") {
	case no:
		best = yes
	case maybe:
		best = maybe
	}
	for _, p := range c.policies {
		if p.namespace != namespace {
			continue
		}
		for _, r := range p.egress {
			one := no
			if len(r.from) == 0 {
				one = yes
			}
			for _, peer := range r.from {
				one = max(one, c.holds(peer, namespace, to))
			}
			best = max(best, min(one, p.isolates("Egress")))
		}
	}
	if c.isOpaque(namespace) {
		return maybe
	}
	return best
}

func (s genService) id() string {
	if s.namespace == "" {
		return "Service/" + s.name
	}
	return s.namespace + "/Service/" + s.name
}
