package firewall

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/netfilter"
	"github.com/writ-policy/writ/engine/fact"
)

// writeEgress writes where an output chain lets new connections go: everywhere where
// that is its default, else what its rules that accept name. A block is certain only
// where the rule asks for nothing besides that every client can have.
func writeEgress(it *fact.ItemBuilder, s *hostSpace, direction string, u *unmatched, verdict string) {
	none := fact.Position{}
	it.Set("residual_egress", []any{}, none)
	if direction != "output" || s.off(direction, u.v6) {
		return
	}
	write := func(set addrSet, certainty string) {
		for _, p := range set.prefixes(u.v6) {
			it.Append("residual_egress", none).Set("cidr", p.String(), none).Set("certainty", certainty, none)
		}
	}
	if verdict == "accept" {
		certainty := "certain"
		if len(u.opaque) > 0 {
			certainty = "possible"
		}
		write(everything(u.v6), certainty)
		return
	}
	var possible addrSet
	for _, t := range s.rules.Tables {
		if !sees(t, u.v6) {
			continue
		}
		directions := reachedFrom(t)
		if len(t.Opaque) > 0 {
			possible = everything(u.v6)
		}
		for _, c := range t.Chains {
			if !slices.Contains(directions[c.Name], direction) {
				continue
			}
			for _, r := range c.Rules {
				for _, x := range split(t, r) {
					possible = possible.union(x.letsOut(t, u.v6))
				}
			}
		}
	}
	write(possible, "possible")
}

// letsOut are the destinations that a rule may admit new connections to.
func (x *hostRule) letsOut(t *netfilter.Table, v6 bool) addrSet {
	family := map[bool]int{false: 0, true: 1}[v6]
	decides := x.action == "accept"
	for _, s := range x.Statements {
		o, ok := s.(netfilter.Opaque)
		decides = decides || ok && o.Decides
	}
	if !decides || !x.families[family] {
		return nil
	}
	if m, ok := x.fields[netfilter.State]; ok {
		if in := slices.ContainsFunc(m.Elements, func(e netfilter.Element) bool {
			return len(e.Values) == 1 && e.Values[0].Lo <= netfilter.StateNew && netfilter.StateNew <= e.Values[0].Hi
		}); in == m.Negate {
			return nil
		}
	}
	if m, ok := x.fields[netfilter.OutInterface]; ok && m.Elements[0].Values[0].Name == "lo" {
		return nil
	}
	m, ok := x.fields[netfilter.DestAddr]
	if !ok {
		return everything(v6)
	}
	if set := t.Set(m.Set); m.Set != "" && (set == nil || set.Unread != "" || set.Dynamic) {
		return everything(v6)
	}
	var all addrSet
	for _, e := range elementsOf(t, m.Set, m.Elements) {
		switch {
		case e.Opaque || len(e.Values) != 1:
			return everything(v6)
		case e.Values[0].From.IsValid() && e.Values[0].From.Is6() == v6:
			all = append(all, rangeOf(e.Values[0].From, e.Values[0].To)...)
		}
	}
	all = normal(all)
	if m.Negate {
		return everything(v6).minus(all)
	}
	return all
}
