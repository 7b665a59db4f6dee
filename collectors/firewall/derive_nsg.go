package firewall

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// A network security group is asked in order like a network ACL, remembers
// connections like a security group, and may name members instead of addresses.
// Where no rule decides, it lets in what its virtual network reaches.

// nsgPassed is what an ordered chain lets through.
type nsgPassed struct {
	bounds
	deciders []decider
	groups   []groupSource
}

// passNSG runs network security groups that stand one behind the other, of a
// subnet and of an interface: each has to let a source in.
func (f *facts) passNSG(refs []string, q query, any bool) nsgPassed {
	out := nsgPassed{bounds: exactly(allSources())}
	var chains []*filterChain
	for _, ref := range refs {
		c := f.chains[ref]
		if c == nil || c.product != nsg {
			out.bounds = bounds{may: out.may}
			continue
		}
		chains = append(chains, c)
	}
	for _, c := range chains {
		one, by := f.paintNSG(c, q, any)
		out.bounds = out.bounds.intersect(one)
		out.deciders = append(out.deciders, by...)
	}
	for _, name := range f.nsgMembers(chains) {
		g := groupSource{name: name, certain: len(chains) == len(refs)}
		in := len(chains) > 0
		for _, c := range chains {
			certainly, perhaps, rules := f.nsgLets(c, name, q, any)
			in, g.certain = in && perhaps, g.certain && certainly
			g.rules = append(g.rules, rules...)
		}
		if in {
			out.groups = append(out.groups, g)
		}
	}
	return out
}

// nsgRules are the rules of a security group by position, those that may be its
// own included, one for each range of ports.
func (f *facts) nsgRules(c *filterChain) (rules []*filterRule, disorder bool) {
	list := slices.Clone(f.rules[c.ref()])
	for _, r := range f.loose[c.doc.Target.ID] {
		if r.mayBeACL() && r.may("hook", c.hook) {
			list = append(list, r.perhaps())
		}
	}
	slices.SortStableFunc(list, func(a, b *filterRule) int { return a.position - b.position })
	for _, r := range list {
		disorder = disorder || !r.ordered()
		rules = append(rules, r.byRange()...)
	}
	return rules, disorder
}

// byRange takes a rule for several ranges of ports apart.
func (r *filterRule) byRange() []*filterRule {
	match, _ := r.item["match"].(map[string]any)
	list, known := objectsOf(match, "destination_ports")
	if !known || len(list) < 2 {
		return []*filterRule{r}
	}
	var out []*filterRule
	for _, o := range list {
		from, ok1 := numberOf(o, "from")
		to, ok2 := numberOf(o, "to")
		if !ok1 || !ok2 {
			return []*filterRule{r}
		}
		one := *r
		one.from, one.to, one.portsKnown = from, to, true
		out = append(out, &one)
	}
	return out
}

// inside are the addresses that a group's network may have, and those it has.
func (c *filterChain) inside() bounds {
	return bounds{must: c.addresses, may: c.addresses.union(internal())}
}

// home is where members and the virtual network may have their addresses.
func (c *filterChain) home() sources {
	if c.addresses.empty() {
		return internal()
	}
	return c.addresses
}

// matches is whom a rule matches, by address; members are told by their names.
// The destination asked for is any one behind the chain, or each.
func (r *filterRule) matches(c *filterChain, certainly, any bool) bounds {
	m := r.peers
	if r.refuse {
		if r.internet {
			m.must = m.must.minus(c.inside().may)
		}
		if len(r.groups) > 0 || r.unknownGroups {
			m.may = m.may.union(c.inside().may)
		}
	}
	if !certainly || r.narrow(c) && !(any && !r.refuse) {
		m = m.uncertain()
	}
	return m
}

// narrow reports whether a rule is not for everything behind the chain.
func (r *filterRule) narrow(c *filterChain) bool {
	return !r.everywhere && (c.addresses.empty() || !r.others.covers(c.addresses))
}

// paintNSG is [facts.paint] for a network security group.
func (f *facts) paintNSG(c *filterChain, q query, any bool) (bounds, []decider) {
	rules, disorder := f.nsgRules(c)
	var admitted bounds
	var deciders []decider
	for _, cell := range portCells(rules, q) {
		left := exactly(allSources())
		for _, r := range rules {
			certainly, perhaps := cell.meetsPorts(r.region)
			if !perhaps {
				continue
			}
			match := r.matches(c, certainly && !disorder, any)
			carved := left.intersect(match)
			if r.accept {
				if r.refuse {
					carved = carved.uncertain()
				}
				admitted = admitted.union(carved)
				deciders = append(deciders, decider{r, carved})
			}
			decided := match.must
			if r.refuse {
				decided = match.may
			}
			left = bounds{left.must.minus(decided), left.may.minus(match.must)}
		}
		admitted = admitted.union(left.intersect(exactly(c.addresses)))
	}
	if len(c.opaque) > 0 || disorder {
		admitted = possibly(allSources())
	}
	return admitted, deciders
}

// meetsPorts is [query.meets] where a rule for all protocols may be for some
// ports: then it is for TCP and UDP, and perhaps for others.
func (q query) meetsPorts(r region) (certainly, perhaps bool) {
	certainly, perhaps = q.meets(r)
	if r.protocol != vpc.Any || r.from == 0 && r.to == 65535 {
		return certainly && r.portsKnown, perhaps
	}
	perhaps = perhaps && (!q.portsKnown || r.from <= q.to && q.from <= r.to)
	return certainly && perhaps && r.portsKnown && vpc.HasPorts(q.protocol), perhaps
}

// ofNSG yields the exposures of a network security group: the port ranges that
// its rules admit and nothing published has, and what its network reaches where no
// rule decides.
func (f *facts) ofNSG(c *filterChain) []exposure {
	rules, _ := f.nsgRules(c)
	var out []exposure
	seen := map[string]bool{}
	add := func(q query, e exposure) {
		e.id, e.of, e.target, e.chains = c.name+"/"+q.text(), "firewall.chain", c.doc.Target, []string{c.ref()}
		e.q, e.cap, e.families, e.familiesOK, e.flow = q, scopeInternet, []string{"ipv4", "ipv6"}, true, readFlow(c.entry)
		p := f.passNSG(e.chains, q, true)
		e.admission = admission{bounds: p.bounds, deciders: p.deciders, groups: p.groups}
		f.nsgDoubts(&e.admission, e.chains, q)
		for _, name := range []string{"hook", "product"} {
			if c.item[name] == nil {
				e.admission.doubt(c.why(name))
			}
		}
		if !seen[e.id] && !(p.may.empty() && len(p.groups) == 0) {
			seen[e.id] = true
			out = append(out, e)
		}
	}
	for _, protocol := range []string{"tcp", "udp"} {
		for _, q := range f.uncovered(c, admittedRanges(rules, protocol)) {
			add(q, exposure{at: firstAdmission(rules, q, c), gaps: map[string]string{}})
		}
	}
	add(query{vpc.Any, 0, 65535, true}, exposure{at: c.at(), gaps: map[string]string{}})
	for _, r := range rules {
		switch {
		case !r.accept || icmp(r.protocol) || r.protocol == vpc.Any:
		case portless(r.protocol):
			add(query{r.protocol, 0, 0, true}, exposure{at: r.at(), gaps: map[string]string{}})
		case r.protocol == "" || !r.portsKnown:
			e := exposure{at: r.at(), q: query{protocol: r.protocol, to: 65535, portsKnown: r.portsKnown}, gaps: map[string]string{}}
			e.unknownQuery(r)
			add(e.q, e)
		}
	}
	if len(c.opaque) > 0 {
		reason := c.opaque[0]
		add(query{to: 65535}, exposure{at: c.at("opaque"), gaps: map[string]string{"protocol": reason, "port_from": reason, "port_to": reason}})
	}
	return out
}

// admittedRanges are the port ranges that rules let in for a protocol, cut where
// the rules that do change.
func admittedRanges(rules []*filterRule, protocol string) []query {
	var mine []*filterRule
	for _, r := range rules {
		some := r.protocol == vpc.Any && !(r.from == 0 && r.to == 65535)
		if r.accept && r.portsKnown && (r.protocol == protocol || some) {
			one := *r
			one.protocol = protocol
			mine = append(mine, &one)
		}
	}
	return ranges(mine, protocol)
}

func firstAdmission(rules []*filterRule, q query, c *filterChain) fact.Position {
	for _, r := range rules {
		if _, perhaps := q.meetsPorts(r.region); r.accept && perhaps {
			return r.at()
		}
	}
	return c.at()
}

// areNSG reports whether chains are those of network security groups, as far as
// they are at hand.
func (f *facts) areNSG(refs []string) bool {
	return slices.ContainsFunc(refs, func(ref string) bool {
		c := f.chains[ref]
		return c != nil && c.product == nsg
	})
}

// inLists reports whether a target has ordered filters besides security groups, of
// which a rule may be that is of no known chain.
func (f *facts) inLists(target string) bool {
	return slices.ContainsFunc(f.order, func(c *filterChain) bool {
		return c.doc.Target.ID == target && (c.product == "network_acl" || c.product == nsg)
	})
}

// nsgDoubts notes why what chains let in is not certain.
func (f *facts) nsgDoubts(a *admission, refs []string, q query) {
	for _, ref := range refs {
		c := f.chains[ref]
		if c == nil {
			a.because(ref + " was not collected")
			continue
		}
		for _, o := range c.opaque {
			a.because(o)
		}
		rules, _ := f.nsgRules(c)
		for _, r := range rules {
			certainly, perhaps := q.meetsPorts(r.region)
			if perhaps && (!certainly || !r.peers.must.covers(r.peers.may) || r.unknownGroups || r.narrow(c)) {
				a.because(r.uncertainty())
			}
		}
	}
}
