package firewall

import (
	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// azureUnmodelled are the types of Azure that filter and are not read.
var azureUnmodelled = []string{
	"azurerm_firewall_application_rule_collection", "azurerm_firewall_nat_rule_collection", "azurerm_firewall_network_rule_collection",
	"azurerm_firewall_policy_rule_collection_group", "azurerm_network_manager_admin_rule", "azurerm_network_security_perimeter_access_rule",
	"azurerm_palo_alto_local_rulestack_rule",
}

// nsg is the product of a network security group, whose chains are ordered as
// those of a network ACL are, and stateful.
const nsg = "network_security_group"

// azureGroups writes the network security groups of a root module.
func (w *writer) azureGroups(index *aws.Index) {
	n := azure.ReadNetwork(azure.Of(index))
	for _, g := range n.Groups {
		if g.Resource != nil && !g.Resource.KnownCount {
			reason := "the number of instances of " + g.Name + " is not known"
			w.chains.Incomplete(reason)
			w.rules.Incomplete(reason)
		}
		for _, egress := range []bool{false, true} {
			var mine []*azure.Rule
			for _, r := range g.Rules {
				if r.Egress == egress {
					mine = append(mine, r)
				}
			}
			w.azureChain(n, g, egress, mine)
			shadows := azureShadows(mine)
			for i, r := range mine {
				w.azureRule(r, ruleOf{chain: g.Name + "/" + hookOf(egress), ordered: true, shadowed: shadows[i]})
			}
		}
	}
	for _, r := range n.Loose {
		w.azureRule(r, ruleOf{chainReason: r.OwnerReason, ordered: true})
	}
}

// azureChain writes a group's chain of one direction. What no rule decides comes
// in from the virtual network only, which is said of the chain by its addresses,
// and goes out to everywhere.
func (w *writer) azureChain(n *azure.Network, g *azure.SecurityGroup, egress bool, rules []*azure.Rule) {
	it := w.chains.Add(g.Name+"/"+hookOf(egress), "declared", g.Pos)
	it.Set("name", g.Name, g.Pos).Set("product", nsg, g.Pos).Set("hook", hookOf(egress), g.Pos).Set("family", "inet", g.Pos)
	it.Set("stateful", true, g.Pos).Set("members", []any{g.Name}, g.Pos)
	verdict, unsure := "drop", ""
	if egress {
		switch certainly, perhaps := deniesRest(rules); {
		case perhaps && !certainly:
			verdict, unsure = "accept", "whether a rule refuses all that is left is not known"
		case !certainly:
			verdict = "accept"
		}
	}
	if unsure != "" {
		it.Gap("default_verdict", unsure, g.Pos)
	} else {
		it.Set("default_verdict", verdict, g.Pos)
	}
	home, reason := g.Home()
	if home == nil {
		it.Gap("network", reason, g.Pos)
	} else {
		it.Set("network", home.Address, g.Pos)
	}
	if list, why := g.Reaches(); why != "" {
		it.Gap("addresses", why, g.Pos)
	} else {
		var blocks []string
		for _, p := range list {
			blocks = append(blocks, p.String())
		}
		it.Set("addresses", fact.Strings(blocks), g.Pos)
	}
	it.Set("opaque", []any{}, fact.Position{})
	for _, o := range g.Opaque {
		if o.Egress == egress {
			it.Append("opaque", o.Pos).Set("text", o.Text, o.Pos).Set("reason", o.Reason, o.Pos).Set("verdict", "unknown", fact.Position{})
		}
	}
	it.Set("residual_egress", []any{}, fact.Position{})
	if egress {
		w.azureEgress(it, g, rules, verdict)
	}
	writeRecorded(it.Object("flow_log", g.Pos), n.Recorded([]*azure.SecurityGroup{g}, home, reason, g.Subnets...), g.Pos)
}

// deniesRest reports whether some rule refuses all that is left, and whether one
// may.
func deniesRest(rules []*azure.Rule) (certainly, perhaps bool) {
	for _, r := range rules {
		for _, p := range azurePieces(r) {
			if r.Allow || p.protocol != vpc.Any && p.protocol != "" || p.from != 0 || p.to != 65535 || !p.peers.may.covers(allSources()) {
				continue
			}
			beside, all := otherSide(r.Sources)
			if !all && !beside.peers.may.covers(allSources()) || len(r.SourcePorts) > 0 {
				continue
			}
			perhaps = true
			certainly = certainly || p.certain && !p.narrow && p.protocol == vpc.Any && p.portsKnown && p.peers.must.covers(allSources())
		}
	}
	return certainly, perhaps
}

// azureEgress writes what an output chain lets out by address.
func (w *writer) azureEgress(it *fact.ItemBuilder, g *azure.SecurityGroup, rules []*azure.Rule, verdict string) {
	var all bounds
	left := exactly(allSources())
	for _, r := range rules {
		for _, p := range azurePieces(r) {
			allow := r.Allow || r.AllowReason != ""
			if allow {
				all = all.union(left.intersect(p.peers))
			}
			switch {
			case p.protocol == vpc.Any && p.from == 0 && p.to == 65535 && p.certain && !p.narrow:
				left = bounds{left.must.minus(p.peers.may), left.may.minus(p.peers.must)}
			case !r.Allow:
				left = bounds{must: left.must.minus(p.peers.may), may: left.may}
			}
		}
	}
	if verdict == "accept" {
		all = all.union(left)
	}
	for _, o := range g.Opaque {
		if o.Egress {
			all = all.union(possibly(allSources()))
		}
	}
	for _, b := range []struct {
		s         sources
		certainty string
	}{{all.must, "certain"}, {all.may.minus(all.must), "possible"}} {
		for _, p := range b.s.prefixes() {
			it.Append("residual_egress", g.Pos).Set("cidr", p.String(), g.Pos).Set("certainty", b.certainty, g.Pos)
		}
	}
}

func (w *writer) azureRule(r *azure.Rule, of ruleOf) {
	it := w.rules.Add(r.ID, "declared", r.Pos)
	it.Set("hook", hookOf(r.Egress), r.Pos)
	if r.NameReason != "" {
		it.Gap("name", r.NameReason, r.Pos)
	} else {
		it.Set("name", r.Name, r.Pos)
	}
	if of.chainReason != "" {
		it.Gap("chain", of.chainReason, r.Pos)
	} else {
		it.Set("chain", []any{w.ref(of.chain)}, r.Pos)
	}
	if r.PriorityReason != "" {
		it.Gap("position", r.PriorityReason, r.PriorityPos)
	} else {
		it.Set("position", r.Priority, r.PriorityPos)
	}
	w.azureMatch(it, r)
	switch {
	case r.AllowReason != "":
		it.Gap("action", r.AllowReason, r.AllowPos)
	case r.Allow:
		it.Set("action", "accept", r.AllowPos)
	default:
		it.Set("action", "drop", r.AllowPos)
	}
	it.Set("log", "no", fact.Position{}).Set("managed_by", "terraform", fact.Position{})
	comment, unknown, at := text(r.Description, r.Pos)
	rationale{comment, unknown, at, readTags(r.Tags, r.Pos), r.Pos}.write(it)
	of.shadowed.write(it, w.target, r.Pos)
	if r.Opaque == "" {
		it.Set("opaque", []any{}, fact.Position{})
		return
	}
	it.Append("opaque", r.Pos).Set("text", r.ID, fact.Position{}).Set("reason", r.Opaque, fact.Position{})
}

func (w *writer) azureMatch(it *fact.ItemBuilder, r *azure.Rule) {
	m := it.Object("match", r.Pos)
	if r.ProtocolReason != "" {
		m.Gap("protocol", r.ProtocolReason, r.ProtocolPos)
	} else {
		m.Set("protocol", r.Protocol, r.ProtocolPos)
	}
	for _, side := range []struct {
		name  string
		peers []vpc.Peer
	}{{"sources", r.Sources}, {"destinations", r.Destinations}} {
		m.Set(side.name, []any{}, r.Pos)
		for _, p := range side.peers {
			writePeer(m.Append(side.name, p.Pos), p)
		}
	}
	for _, side := range []struct {
		name, reason string
		ports        []azure.Ports
	}{{"source_ports", r.SourcePortsReason, r.SourcePorts}, {"destination_ports", r.PortsReason, r.DestinationPorts}} {
		if side.reason != "" {
			m.Gap(side.name, side.reason, r.PortsPos)
			continue
		}
		m.Set(side.name, []any{}, r.PortsPos)
		for _, p := range side.ports {
			m.Append(side.name, r.PortsPos).Set("from", p.From, fact.Position{}).Set("to", p.To, fact.Position{})
		}
	}
	m.Set("in_interface", "", fact.Position{}).Set("out_interface", "", fact.Position{}).Set("states", []any{}, fact.Position{})
}
