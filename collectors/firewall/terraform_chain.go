package firewall

import (
	"net/netip"

	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// group writes a security group as two chains, input and output, and its rules.
// What no rule admits is dropped, in both directions: the provider removes the
// service's own rule that admits all egress.
func (w *writer) group(g *vpc.Group) {
	if g.Resource != nil && !g.Resource.KnownCount {
		reason := "the number of instances of " + g.Name + " is not known"
		w.chains.Incomplete(reason)
		w.rules.Incomplete(reason)
	}
	c := chain{name: g.Name, product: "security_group", stateful: true, vpc: g.VPC, opaque: g.Opaque, pos: g.Pos}
	if g.VPC == (vpc.Identity{}) {
		c.networkless = "no VPC is named: the account's default one, which is not declared here"
	}
	w.filter(c, g.Rules)
}

// acl writes a network ACL likewise. It is asked before or after the groups,
// knows no connections, and its last rule denies.
func (w *writer) acl(a *vpc.ACL) {
	if !a.Resource.KnownCount {
		w.chains.Incomplete("the number of instances of " + a.Name + " is not known")
		w.rules.Incomplete("the number of instances of " + a.Name + " is not known")
	}
	c := chain{name: a.Name, product: "network_acl", vpc: a.VPC, opaque: a.Opaque, pos: a.Pos}
	w.filter(c, a.Rules)
}

// chain is what a group and an ACL have in common.
type chain struct {
	name, product string
	stateful      bool
	vpc           vpc.Identity
	networkless   string
	opaque        []vpc.Opaque
	pos           fact.Position
}

func (w *writer) filter(c chain, rules []*vpc.Rule) {
	for _, egress := range []bool{false, true} {
		var mine []*vpc.Rule
		for _, r := range rules {
			if r.Egress == egress {
				mine = append(mine, r)
			}
		}
		w.chain(c, egress, mine)
		shadows := shadowing(mine, !c.stateful)
		for i, r := range mine {
			w.rule(r, ruleOf{chain: c.name + "/" + hookOf(egress), ordered: !c.stateful, shadowed: shadows[i]})
		}
	}
}

func (w *writer) chain(c chain, egress bool, rules []*vpc.Rule) {
	it := w.chains.Add(c.name+"/"+hookOf(egress), "declared", c.pos)
	it.Set("name", c.name, c.pos).Set("product", c.product, c.pos).Set("hook", hookOf(egress), c.pos).Set("family", "inet", c.pos)
	it.Set("stateful", c.stateful, c.pos).Set("default_verdict", "drop", c.pos).Set("members", []any{c.name}, c.pos)
	w.where(it, c)
	it.Set("opaque", []any{}, fact.Position{})
	for _, o := range c.opaque {
		if o.Egress != egress {
			continue
		}
		verdict := "accept"
		if o.Elsewhere || !c.stateful {
			verdict = "unknown"
		}
		it.Append("opaque", o.Pos).Set("text", o.Text, o.Pos).Set("reason", o.Reason, o.Pos).Set("verdict", verdict, fact.Position{})
	}
	it.Set("residual_egress", []any{}, fact.Position{})
	if egress {
		w.destinations(it, c, rules)
	}
	writeRecorded(it.Object("flow_log", c.pos), w.network.Recorded(c.vpc, nil), c.pos)
}

func (w *writer) where(it *fact.ItemBuilder, c chain) {
	reason := c.vpc.Reason
	if c.networkless != "" {
		reason = c.networkless
	}
	if reason != "" {
		it.Gap("network", reason, c.vpc.Pos).Set("addresses", []any{}, fact.Position{})
		return
	}
	it.Set("network", c.vpc.Name, c.vpc.Pos)
	if c.vpc.Resource == nil || c.vpc.Resource.Type != "aws_vpc" {
		it.Set("addresses", []any{}, fact.Position{})
		return
	}
	// Blocks may be added to a network by other means; those listed are its own.
	var blocks []string
	for name, family := range map[string]vpc.Family{"cidr_block": vpc.IPv4, "ipv6_cidr_block": vpc.IPv6} {
		v := c.vpc.Resource.Body.Get(name)
		if v.Unset() {
			continue
		}
		prefix, reason := vpc.Block(v, family)
		if reason != "" {
			it.Gap("addresses", reason, v.Pos)
			return
		}
		blocks = append(blocks, prefix.String())
	}
	it.Set("addresses", fact.Strings(blocks), c.vpc.Resource.Pos)
}

// destinations writes what an output chain lets out by address. The members of
// other groups are left out: they are inside.
func (w *writer) destinations(it *fact.ItemBuilder, c chain, rules []*vpc.Rule) {
	var all bounds
	if c.stateful {
		for _, r := range rules {
			all = all.union(regionOf(r).peers)
		}
	} else {
		all = aclPeers(rules)
	}
	for _, o := range c.opaque {
		if o.Egress {
			all = all.union(possibly(allSources()))
		}
	}
	for _, b := range []struct {
		s         sources
		certainty string
	}{{all.must, "certain"}, {all.may.minus(all.must), "possible"}} {
		for _, p := range b.s.prefixes() {
			at := peerPlace(rules, p, c.pos)
			it.Append("residual_egress", at).Set("cidr", p.String(), at).Set("certainty", b.certainty, at)
		}
	}
}

// peerPlace is where the first rule names a peer that meets a block.
func peerPlace(rules []*vpc.Rule, block netip.Prefix, otherwise fact.Position) fact.Position {
	for _, r := range rules {
		for _, p := range r.Peers {
			if r.Allow && p.Prefix.IsValid() && p.Prefix.Overlaps(block) && !p.Pos.IsZero() {
				return p.Pos
			}
		}
	}
	return otherwise
}

func writeRecorded(it *fact.ItemBuilder, r vpc.Recorded, at fact.Position) {
	if !r.Pos.IsZero() {
		at = r.Pos
	}
	for _, f := range []struct {
		name   string
		yes    bool
		reason string
	}{{"accepted", r.Accepted, r.AcceptedReason}, {"denied", r.Denied, r.DeniedReason}} {
		switch {
		case f.reason != "":
			it.Gap(f.name, f.reason, at)
		case f.yes:
			it.Set(f.name, "yes", at)
		default:
			it.Set(f.name, "no", at)
		}
	}
	it.Set("logs", fact.Strings(r.Logs), at)
}
