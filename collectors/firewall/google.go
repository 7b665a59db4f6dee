package firewall

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/google"
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// googleProduct is what filters in a network of Google Cloud: one list of rules
// in the order of their priorities, which knows connections.
const googleProduct = "vpc_firewall"

// googleUnmodelled are the types that filter packets and are not read. What is
// attached to a network makes its chains opaque besides.
var googleUnmodelled = []string{
	"google_compute_firewall_policy_rule", "google_compute_firewall_policy_with_rules", "google_compute_network_firewall_policy_rule",
	"google_compute_network_firewall_policy_with_rules", "google_compute_organization_security_policy_rule",
	"google_compute_region_network_firewall_policy_rule", "google_compute_region_network_firewall_policy_with_rules",
	"google_vmwareengine_external_access_rule",
}

// google writes the firewall rules of Google Cloud: each as an item, and the
// chains that they make for instances of the same tags and accounts. A rule
// stands in the chain of each instance it is for, so its position is that of its
// priority, from 1, and of rules at one position those that refuse come first.
func (w *writer) google(f *google.Firewall) {
	for _, v := range f.VPCs {
		if v.Resource != nil && !v.Resource.KnownCount {
			w.chains.Incomplete("the number of instances of " + v.Name + " is not known")
			w.rules.Incomplete("the number of instances of " + v.Name + " is not known")
		}
		in := map[*google.Rule][]google.Chain{}
		shadows := map[*google.Rule]shadow{}
		for _, egress := range []bool{false, true} {
			for _, c := range f.Chains(v, egress) {
				w.googleChain(f, c)
				for _, r := range c.Rules {
					in[r] = append(in[r], c)
				}
				noteShadows(shadows, c)
			}
		}
		for _, r := range v.Rules {
			w.googleRule(r, in[r], shadows[r])
		}
	}
}

// noteShadows: a rule is without effect only if it is in every chain it stands in.
func noteShadows(shadows map[*google.Rule]shadow, c google.Chain) {
	plain := make([]*vpc.Rule, len(c.Rules))
	for i, r := range c.Rules {
		plain[i] = &r.Rule
	}
	for i, one := range shadowing(plain, true) {
		r := c.Rules[i]
		before, met := shadows[r]
		switch {
		case !met:
			shadows[r] = one
		case before.reason == "" && len(before.by) == 0 || one.reason == "" && len(one.by) == 0:
			shadows[r] = shadow{}
		case before.reason != "" || one.reason != "":
			if before.reason == "" {
				before.reason = one.reason
			}
			shadows[r] = shadow{reason: before.reason}
		default:
			by := slices.Concat(before.by, one.by)
			slices.Sort(by)
			shadows[r] = shadow{by: slices.Compact(by)}
		}
	}
}

func (w *writer) googleRule(r *google.Rule, in []google.Chain, shadowed shadow) {
	basis := "declared"
	if r.Given {
		basis = "default"
	}
	it := w.rules.Add(r.ID, basis, r.Pos)
	chains := []string{}
	for _, c := range in {
		chains = append(chains, w.ref(c.ID()))
	}
	it.Set("name", "", r.Pos).Set("chain", fact.Strings(chains), r.Pos).Set("hook", hookOf(r.Egress), r.Pos)
	if r.NumberReason != "" {
		it.Gap("position", r.NumberReason, r.NumberPos)
	} else {
		it.Set("position", r.Number+1, r.NumberPos)
	}
	w.match(it, &r.Rule)
	switch {
	case r.AllowReason != "":
		it.Gap("action", r.AllowReason, r.AllowPos)
	case r.Allow:
		it.Set("action", "accept", r.AllowPos)
	default:
		it.Set("action", "drop", r.AllowPos)
	}
	if !r.Log.Known() {
		it.Gap("log", r.Log.Reason, r.Log.Pos)
	} else if r.Log.Value {
		it.Set("log", "yes", r.Log.Pos)
	} else {
		it.Set("log", "no", r.Log.Pos)
	}
	managed := "terraform"
	if r.Given {
		managed = "none"
	}
	it.Set("managed_by", managed, fact.Position{})
	writeReason(it, &r.Rule)
	shadowed.write(it, w.target, r.Pos)
	opaque(it, &r.Rule)
}

func (w *writer) googleChain(f *google.Firewall, c google.Chain) {
	v := c.VPC
	basis := "declared"
	if v.Resource == nil {
		basis = "default"
	}
	it := w.chains.Add(c.ID(), basis, v.Pos)
	it.Set("name", c.Name(), v.Pos).Set("product", googleProduct, v.Pos).Set("hook", hookOf(c.Egress), v.Pos).Set("family", "inet", v.Pos)
	it.Set("stateful", true, v.Pos).Set("members", []any{v.Name}, v.Pos)
	open := w.googleVerdict(it, f, c)
	subnets, reason := f.Subnets(v)
	w.googleAddresses(it, f, v)
	it.Set("opaque", []any{}, fact.Position{})
	for _, o := range v.Opaque {
		verdict := "unknown"
		if o.Adds {
			verdict = "accept"
		}
		it.Append("opaque", o.Pos).Set("text", o.Text, o.Pos).Set("reason", o.Reason, o.Pos).Set("verdict", verdict, fact.Position{})
	}
	it.Set("residual_egress", []any{}, fact.Position{})
	if c.Egress {
		w.googleDestinations(it, c, open)
	}
	r := f.Recorded(c, subnets, reason, func(*google.Rule) bool { return true })
	o := it.Object("flow_log", v.Pos)
	r.Accepted.Put(o, "accepted")
	r.Denied.Put(o, "denied")
	o.Set("logs", fact.Strings(r.Logs), v.Pos)
}

// googleVerdict writes what happens to what no rule matches: two rules that are
// implied refuse what comes in and admit what goes out. A rule that refuses all
// that goes out takes the place of the second. It returns what is left to go out.
func (w *writer) googleVerdict(it *fact.ItemBuilder, f *google.Firewall, c google.Chain) bounds {
	at := c.VPC.Pos
	if !c.Egress {
		it.Set("default_verdict", "drop", at)
		return bounds{}
	}
	catch, v6 := c.CatchAll(), f.HasIPv6(c.VPC)
	all := allSources()
	open := exactly(all)
	switch {
	case catch.Known() && !catch.Value:
		it.Set("default_verdict", "accept", at)
		return open
	case !catch.Known():
		it.Gap("default_verdict", catch.Reason, catch.Pos)
		return open.uncertain()
	case refusesV6(c) || v6.Known() && !v6.Value:
		it.Set("default_verdict", "drop", catch.Pos)
		return bounds{}
	case v6.Known():
		it.Set("default_verdict", "accept", at)
		return exactly(sources{v6: all.v6})
	}
	it.Gap("default_verdict", "IPv4 is refused; whether there is IPv6 is not known: "+v6.Reason, at)
	return possibly(sources{v6: all.v6})
}

func refusesV6(c google.Chain) bool {
	return slices.ContainsFunc(c.Rules, func(r *google.Rule) bool {
		return !r.Allow && r.AllowReason == "" && r.Opaque == "" && r.ProtocolReason == "" && r.Protocol == vpc.Any &&
			slices.ContainsFunc(r.Peers, func(p vpc.Peer) bool {
				return p.Reason == "" && p.Prefix.IsValid() && p.Prefix.Bits() == 0 && p.Prefix.Addr().Is6()
			})
	})
}

func (w *writer) googleAddresses(it *fact.ItemBuilder, f *google.Firewall, v *google.VPC) {
	if v.Reason != "" {
		it.Gap("network", v.Reason, v.Pos)
	} else {
		it.Set("network", v.Name, v.Pos)
	}
	subnets, _ := f.Subnets(v)
	var blocks []string
	for _, s := range subnets {
		value := s.Body.Get("ip_cidr_range")
		if value.Unset() {
			continue
		}
		block, reason := vpc.Block(value, vpc.IPv4)
		if reason != "" {
			it.Gap("addresses", reason, value.Pos)
			return
		}
		blocks = append(blocks, block.String())
	}
	it.Set("addresses", fact.Strings(blocks), v.Pos)
}

// googleDestinations writes what a chain lets out: what rules admit, and what they
// leave to the implied rule.
func (w *writer) googleDestinations(it *fact.ItemBuilder, c google.Chain, open bounds) {
	plain := make([]*vpc.Rule, len(c.Rules))
	for i, r := range c.Rules {
		plain[i] = &r.Rule
	}
	all := aclPeers(plain)
	for _, r := range c.Rules {
		if r.Protocol != vpc.Any || r.Allow || r.AllowReason != "" || r.ProtocolReason != "" {
			continue
		}
		g := regionOf(&r.Rule)
		open = bounds{open.must.minus(g.peers.may), open.may.minus(g.peers.must)}
	}
	all = all.union(open)
	if len(c.VPC.Opaque) > 0 {
		all = all.uncertain().union(possibly(allSources()))
	}
	for _, b := range []struct {
		s         sources
		certainty string
	}{{all.must, "certain"}, {all.may.minus(all.must), "possible"}} {
		for _, p := range b.s.prefixes() {
			at := peerPlace(plain, p, c.VPC.Pos)
			it.Append("residual_egress", at).Set("cidr", p.String(), at).Set("certainty", b.certainty, at)
		}
	}
}
