package firewall

import (
	"slices"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/terraform"
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// declared yields the chains and rules of a root module's security groups,
// network ACLs and network security groups.
func declared(env *collectors.Env, root *terraform.Root) []*fact.Document {
	root = vpc.Written(root)
	w := &writer{network: vpc.Read(root), target: terraform.Target(root).ID}
	index := aws.NewIndex(root)
	builders := make([]*fact.Builder, 2)
	for i, kind := range []string{"firewall.chain", "firewall.rule"} {
		b := fact.NewBuilder(kind, terraform.Target(root), env.Envelope("firewall", "terraform"), env.Now)
		index.Envelope(b)
		aws.Unmodelled(b, root, "their firewalls", slices.Concat(googleUnmodelled, azureUnmodelled), google.Provider, azure.Provider)
		builders[i] = b
	}
	w.chains, w.rules = builders[0], builders[1]
	for _, g := range w.network.Groups {
		w.group(g)
	}
	for _, a := range w.network.ACLs {
		w.acl(a)
	}
	for _, r := range w.network.Loose {
		w.rule(r, ruleOf{chainReason: r.OwnerReason})
	}
	for _, r := range w.network.LooseACLs {
		w.rule(r, ruleOf{chainReason: r.OwnerReason, ordered: true})
	}
	w.google(google.Index{Index: index}.ReadFirewall())
	w.azureGroups(index)
	return []*fact.Document{w.chains.Document(), w.rules.Document()}
}

// writer turns a network into the items of two documents.
type writer struct {
	network       *vpc.Network
	target        string
	chains, rules *fact.Builder
}

func (w *writer) ref(id string) string { return w.target + "#" + id }

// ruleOf is what a rule's chain says about it.
type ruleOf struct {
	chain       string // id
	chainReason string
	ordered     bool
	shadowed    shadow
}

func hookOf(egress bool) string {
	if egress {
		return "output"
	}
	return "input"
}

func (w *writer) rule(r *vpc.Rule, of ruleOf) {
	it := w.rules.Add(r.ID, "declared", r.Pos)
	it.Set("name", "", r.Pos)
	if of.chainReason != "" {
		it.Gap("chain", of.chainReason, r.Pos)
	} else {
		it.Set("chain", []any{w.ref(of.chain)}, r.Pos)
	}
	it.Set("hook", hookOf(r.Egress), r.Pos)
	switch {
	case !of.ordered:
		it.Set("position", 0, r.Pos)
	case r.NumberReason != "":
		it.Gap("position", r.NumberReason, r.NumberPos)
	default:
		it.Set("position", r.Number, r.NumberPos)
	}
	w.match(it, r)
	switch {
	case r.AllowReason != "":
		it.Gap("action", r.AllowReason, r.AllowPos)
	case r.Allow:
		it.Set("action", "accept", r.AllowPos)
	default:
		it.Set("action", "drop", r.AllowPos)
	}
	it.Set("log", "no", fact.Position{}).Set("managed_by", "terraform", fact.Position{})
	writeReason(it, r)
	of.shadowed.write(it, w.target, r.Pos)
	opaque(it, r)
}

func opaque(it *fact.ItemBuilder, r *vpc.Rule) {
	if r.Opaque == "" {
		it.Set("opaque", []any{}, fact.Position{})
		return
	}
	it.Append("opaque", r.Pos).Set("text", r.ID, fact.Position{}).Set("reason", r.Opaque, fact.Position{})
}

func (w *writer) match(it *fact.ItemBuilder, r *vpc.Rule) {
	m := it.Object("match", r.Pos)
	if r.ProtocolReason != "" {
		m.Gap("protocol", r.ProtocolReason, r.ProtocolPos)
	} else {
		m.Set("protocol", r.Protocol, r.ProtocolPos)
	}
	peers, others := "sources", "destinations"
	if r.Egress {
		peers, others = others, peers
	}
	m.Set(peers, []any{}, r.Pos)
	for _, p := range r.Peers {
		writePeer(m.Append(peers, p.Pos), p)
	}
	// The other side is whatever the group or the subnet holds.
	for _, any := range [...]struct{ family, cidr string }{{"ipv4", "0.0.0.0/0"}, {"ipv6", "::/0"}} {
		m.Append(others, fact.Position{}).Set("type", "cidr", fact.Position{}).Set("family", any.family, fact.Position{}).
			Set("cidr", any.cidr, fact.Position{}).Set("name", "", fact.Position{})
	}
	m.Set("source_ports", []any{}, fact.Position{})
	switch {
	case r.ProtocolReason != "" && r.PortsReason == "" || vpc.HasPorts(r.Protocol) && r.PortsReason == "":
		m.Set("destination_ports", []any{map[string]any{"from": r.From, "to": r.To}}, r.PortsPos)
	case r.PortsReason != "":
		m.Gap("destination_ports", r.PortsReason, r.PortsPos)
	default:
		m.Set("destination_ports", []any{}, r.PortsPos)
	}
	m.Set("in_interface", "", fact.Position{}).Set("out_interface", "", fact.Position{}).Set("states", []any{}, fact.Position{})
}

func writePeer(it *fact.ItemBuilder, p vpc.Peer) {
	it.Set("type", string(p.Type), p.Pos).Set("family", string(p.Family), fact.Position{})
	switch {
	case p.Type == vpc.Members:
		it.Set("cidr", "", fact.Position{})
		if p.Reason != "" {
			it.Gap("name", p.Reason, p.Pos)
			return
		}
	case p.Reason != "":
		it.Gap("cidr", p.Reason, p.Pos)
	default:
		it.Set("cidr", p.Prefix.String(), p.Pos)
	}
	it.Set("name", p.Name, fact.Position{})
}
