package firewall

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// clusterWriter turns what manifests say into the items of three documents.
type clusterWriter struct {
	target                   string
	chains, rules, workloads *fact.Builder
	refs                     map[*netpol][]writtenRule // of incoming traffic
	admitted                 map[string][]any          // values of admits, shared by pods under the same rules
}

func (w *clusterWriter) ref(id string) string { return w.target + "#" + id }

// writtenRule is a firewall.rule of a policy.
type writtenRule struct {
	id    string
	any   bool // of every protocol and port
	ports []portMatch
}

// chainID is the id of what a namespace does by default in one direction.
func chainID(namespace string, d int) string {
	return namespaceID(namespace) + "/" + directions[d].hook
}

// namespaceID names a namespace; no namespace can be called "-".
func namespaceID(name string) string {
	if name == "" {
		name = "-"
	}
	return "Namespace/" + name
}

// policies writes the rules of a namespace's policies: one for each peer and
// protocol of a rule, since all that a rule says of ports goes for all its peers.
func (w *clusterWriter) policies(n *namespace) {
	resolved := n.resolveNames()
	for d := range directions {
		alike := map[string]*ruleSet{}
		var order []*ruleSet
		for _, p := range n.policies {
			set := alike[p.pods.text()]
			if set == nil {
				set = &ruleSet{}
				alike[p.pods.text()] = set
				order = append(order, set)
			}
			for i, r := range p.rules[d] {
				w.rule(p, d, i, r, resolved, set)
			}
			if p.missing[d] != "" {
				w.rules.Incomplete(p.id + ": " + p.missing[d])
			}
		}
		for _, set := range order {
			set.write(w.target)
		}
	}
}

// namedPort is a port that a policy calls by a name.
type namedPort struct {
	policy         *netpol
	protocol, name string
}

// resolveNames collects the numbers that the pods under each policy give the ports
// that it calls by name.
func (n *namespace) resolveNames() map[namedPort][]portSpan {
	var named map[*netpol][]portMatch
	for _, p := range n.policies {
		for _, r := range p.rules[ingress] {
			for _, m := range r.ports {
				if m.name != "" {
					if named == nil {
						named = map[*netpol][]portMatch{}
					}
					named[p] = append(named[p], m)
				}
			}
		}
	}
	if named == nil {
		return nil
	}
	out := map[namedPort][]portSpan{}
	for _, x := range n.workloads {
		for _, s := range n.selectors(x.labels) {
			for _, m := range named[s.policy] {
				list, _ := m.resolve(x)
				key := namedPort{s.policy, m.protocol, m.name}
				for _, span := range list {
					if !slices.Contains(out[key], span) {
						out[key] = append(out[key], span)
					}
				}
			}
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b portSpan) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	}
	return out
}

func (w *clusterWriter) rule(p *netpol, d, number int, r podRule, resolved map[namedPort][]portSpan, set *ruleSet) {
	id := p.id + "/" + directions[d].name + "/" + strconv.Itoa(number)
	peers := r.peers
	if r.anyone {
		peers = []podPeer{{pos: r.pos, isBlock: true, block: allSources()}}
	}
	for i, peer := range peers {
		place := id
		if !r.anyone {
			place += "/" + strconv.Itoa(i)
		}
		if r.anyPort {
			w.item(p, d, writtenRule{id: place + "/any", any: true}, vpc.Any, peer, r, resolved, set)
			continue
		}
		for _, protocol := range protocolsOf(r.ports) {
			one := writtenRule{id: place + "/" + cmp.Or(protocol, "unknown")}
			for _, m := range r.ports {
				if m.protocol == protocol {
					one.ports = append(one.ports, m)
				}
			}
			w.item(p, d, one, protocol, peer, r, resolved, set)
		}
	}
}

func protocolsOf(list []portMatch) []string {
	var out []string
	for _, m := range list {
		if !slices.Contains(out, m.protocol) {
			out = append(out, m.protocol)
		}
	}
	return out
}

func (w *clusterWriter) item(p *netpol, d int, one writtenRule, protocol string, peer podPeer, r podRule, resolved map[namedPort][]portSpan, set *ruleSet) {
	none := fact.Position{}
	it := w.rules.Add(one.id, "declared", peer.pos)
	it.Set("name", p.id, p.pos).Set("chain", []any{w.ref(chainID(p.namespace, d))}, none).Set("hook", directions[d].hook, none).Set("position", 0, none)
	m := it.Object("match", peer.pos)
	if protocol == "" {
		m.Gap("protocol", firstReason(one.ports), r.portsPos)
	} else {
		m.Set("protocol", protocol, r.portsPos)
	}
	mine, theirs := "destinations", "sources"
	if d == egress {
		mine, theirs = theirs, mine
	}
	writePods(m.Append(mine, p.podsPos), p.pods, podsText(p.pods, nil, p.namespace), p.podsPos)
	writePodPeer(m, theirs, peer, p.namespace)
	writePortMatches(m, p, d, one, r, resolved)
	m.Set("source_ports", []any{}, none).Set("in_interface", "", none).Set("out_interface", "", none).Set("states", []any{}, none)
	it.Set("action", "accept", none).Set("log", "no", none).Set("managed_by", "none", none)
	p.reason.write(it)
	it.Set("opaque", []any{}, none)
	if p.doubt != "" {
		it.Append("opaque", p.pos).Set("text", p.id, p.pos).Set("reason", p.doubt, p.pos)
	}
	if d == ingress {
		w.refs[p] = append(w.refs[p], one)
	}
	set.add(one, protocol, peer, p, it)
}

func firstReason(list []portMatch) string {
	for _, m := range list {
		if m.reason != "" {
			return m.reason
		}
	}
	return "not known"
}

// podsText names pods by their labels and their namespaces' labels.
func podsText(pods selector, namespaces *selector, own string) string {
	text := "all pods"
	if !pods.all() {
		text = "pods " + pods.text()
	}
	switch {
	case namespaces == nil && own == "":
		return text + " of the same namespace"
	case namespaces == nil:
		return text + " of namespace " + own
	case namespaces.all():
		return text + " of all namespaces"
	}
	if key, value, ok := namespaces.fixed(); ok && key == namespaceLabel && len(namespaces.list) == 1 {
		return text + " of namespace " + value
	}
	return text + " of namespaces " + namespaces.text()
}

func writePods(it *fact.ItemBuilder, pods selector, text string, at fact.Position) {
	none := fact.Position{}
	it.Set("type", "group", none).Set("family", "inet", none).Set("cidr", "", none)
	if reason := pods.reason(); reason != "" {
		it.Gap("name", reason, at)
		return
	}
	it.Set("name", text, none)
}

func writePodPeer(m *fact.ItemBuilder, side string, peer podPeer, own string) {
	none := fact.Position{}
	switch {
	case !peer.isBlock && (!peer.pods.all() || peer.namespaces != nil || peer.reason == ""):
		it := m.Append(side, peer.pos)
		if peer.reason != "" {
			it.Set("type", "group", none).Set("family", "inet", none).Set("cidr", "", none).Gap("name", peer.reason, peer.pos)
			return
		}
		writePods(it, peer.pods, podsText(peer.pods, peer.namespaces, own), peer.pos)
	case peer.reason != "" && !peer.isBlock:
		// Who is meant is not known at all: it may be pods, or any address.
		m.Gap(side, peer.reason, peer.pos)
	case peer.reason != "":
		for _, family := range peer.families() {
			m.Append(side, peer.pos).Set("type", "cidr", none).Set("family", family, none).Gap("cidr", peer.reason, peer.pos).Set("name", "", none)
		}
	default:
		m.Set(side, []any{}, peer.pos)
		for _, p := range peer.block.prefixes() {
			m.Append(side, peer.pos).Set("type", "cidr", none).Set("family", family(p.Addr().Is6()), none).Set("cidr", p.String(), none).Set("name", "", none)
		}
	}
}

// families are those of a block that is not known.
func (p podPeer) families() []string {
	var list []string
	for _, v6 := range []bool{false, true} {
		if !p.block.of(v6).empty() {
			list = append(list, family(v6))
		}
	}
	return list
}

// writePortMatches writes the ports of a rule. A name of the pods' own ports is the
// numbers they give it; of those at the other end it is not known.
func writePortMatches(m *fact.ItemBuilder, p *netpol, d int, one writtenRule, r podRule, resolved map[namedPort][]portSpan) {
	var spans []portSpan
	for _, port := range one.ports {
		switch {
		case port.reason != "":
			m.Gap("destination_ports", port.reason, port.pos)
			return
		case port.name == "":
			spans = append(spans, portSpan{port.from, port.to})
			continue
		case d == egress:
			m.Gap("destination_ports", "which port is called "+port.name+" the pods at the other end say", port.pos)
			return
		}
		numbers := resolved[namedPort{p, port.protocol, port.name}]
		if len(numbers) == 0 {
			m.Gap("destination_ports", "no pod here that the policy selects calls a port "+port.name, port.pos)
			return
		}
		spans = append(spans, numbers...)
	}
	m.Set("destination_ports", []any{}, r.portsPos)
	for _, s := range spans {
		m.Append("destination_ports", r.portsPos).Set("from", s.from, fact.Position{}).Set("to", s.to, fact.Position{})
	}
}
