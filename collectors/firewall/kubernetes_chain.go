package firewall

import (
	"cmp"

	"github.com/writ-policy/writ/engine/fact"
)

// unlogged is why no flow log is known: a NetworkPolicy has no say in it.
const unlogged = "what the cluster's network plugin records is not said in manifests"

// chain writes what becomes of new traffic of the pods of a namespace, whatever
// their labels: it is dropped if a policy for all of them isolates them.
func (w *clusterWriter) chain(n *namespace, opaque []unmodelled, d int) {
	none := fact.Position{}
	at := n.pos
	it := w.chains.Add(chainID(n.name, d), "declared", at)
	it.Set("name", namespaceID(n.name), none).Set("product", "network_policy", none).Set("hook", directions[d].hook, none).Set("family", "inet", none)
	it.Set("stateful", true, none).Set("network", "", none).Set("addresses", []any{}, none)
	var members []string
	for _, p := range n.policies {
		if p.isolates[d] != never {
			members = append(members, p.id)
		}
	}
	it.Set("members", fact.Strings(members), none)
	isolated, reason := n.normally(d)
	if len(opaque) > 0 {
		reason = cmp.Or(reason, opaque[0].text+": "+opaque[0].reason)
	}
	switch {
	case len(opaque) > 0 || isolated == perhaps:
		it.Gap("default_verdict", reason, none)
	case isolated == always:
		it.Set("default_verdict", "drop", n.isolating(d))
	default:
		it.Set("default_verdict", "accept", none)
	}
	it.Set("opaque", []any{}, none)
	for _, o := range opaque {
		it.Append("opaque", o.pos).Set("text", o.text, none).Set("reason", o.reason, none).Set("verdict", "unknown", none)
	}
	it.Set("residual_egress", []any{}, none)
	if d == egress {
		w.destinations(it, n, isolated, len(opaque) > 0)
	}
	it.Object("flow_log", none).Gap("accepted", unlogged, none).Gap("denied", unlogged, none).Set("logs", []any{}, none)
}

// isolating is where the policy for all pods stands.
func (n *namespace) isolating(d int) fact.Position {
	for _, p := range n.policies {
		if p.pods.all() && p.isolates[d] == always && p.doubt == "" {
			return p.pos
		}
	}
	return n.pos
}

// destinations writes which addresses some pod of a namespace may connect to. Pods
// named by labels are left out: they are inside.
func (w *clusterWriter) destinations(it *fact.ItemBuilder, n *namespace, isolated truth, opaque bool) {
	var all []bounds
	type place struct {
		block sources
		at    fact.Position
	}
	var places []place
	add := func(b bounds, at fact.Position) {
		all, places = append(all, b), append(places, place{b.may, at})
	}
	switch {
	case isolated == never && !opaque:
		add(exactly(allSources()), n.pos)
	case isolated != always || opaque:
		add(possibly(allSources()), n.pos)
	}
	for _, p := range n.policies {
		for _, r := range p.rules[egress] {
			peers := r.peers
			if r.anyone {
				peers = []podPeer{{pos: r.pos, isBlock: true, block: allSources()}}
			}
			for _, peer := range peers {
				b := exactly(peer.block)
				switch {
				case peer.reason != "" && !peer.isBlock:
					b = possibly(allSources())
				case peer.reason != "" || p.doubt != "" || opaque:
					b = b.uncertain()
				}
				add(b, peer.pos)
			}
		}
		if p.missing[egress] != "" {
			add(possibly(allSources()), p.pos)
		}
	}
	sum := unionOfBounds(all)
	for _, part := range []struct {
		s         sources
		certainty string
	}{{sum.must, "certain"}, {sum.may.minus(sum.must), "possible"}} {
		for _, prefix := range part.s.prefixes() {
			at := n.pos
			for _, p := range places {
				if p.block.of(prefix.Addr().Is6()).touches(prefix) {
					at = p.at
					break
				}
			}
			it.Append("residual_egress", at).Set("cidr", prefix.String(), at).Set("certainty", part.certainty, at)
		}
	}
}
