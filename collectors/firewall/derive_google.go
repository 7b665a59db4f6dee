package firewall

import (
	"cmp"
	"slices"
)

// prioritised says whether the chain is of the firewall rules of Google Cloud:
// they know connections, and the first that matches by priority decides.
func (c *filterChain) prioritised() bool { return c.product == googleProduct }

// byPriority are the rules of a chain as they are asked, with those that may be
// among them. Of rules at one position those that refuse come first.
func (f *facts) byPriority(c *filterChain) []*filterRule {
	rules := slices.Clone(f.rules[c.ref()])
	for _, r := range f.loose[c.doc.Target.ID] {
		if r.mayBeACL() && r.may("hook", c.hook) {
			rules = append(rules, r.perhaps())
		}
	}
	rank := func(r *filterRule) int {
		switch {
		case !r.refuse:
			return 2
		case r.accept:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(rules, func(a, b *filterRule) int {
		return cmp.Or(cmp.Compare(a.position, b.position), cmp.Compare(rank(a), rank(b)))
	})
	return rules
}

// throughPriorities is who such a chain lets in: blocks as the paint says, and the
// members of groups that a rule admits and none before it refuses.
func (f *facts) throughPriorities(c *filterChain, q query) admission {
	var a admission
	var painted []decider
	a.bounds, painted = f.paint(c, q)
	for _, o := range c.opaque {
		a.because(o)
	}
	for _, d := range painted {
		i := slices.IndexFunc(a.deciders, func(e decider) bool { return e.rule == d.rule })
		switch {
		case d.may.empty():
		case i < 0:
			a.deciders = append(a.deciders, d)
		default:
			a.deciders[i].bounds = a.deciders[i].bounds.union(d.bounds)
		}
	}
	rules := f.byPriority(c)
	for _, cell := range portCells(rules, q) {
		for i, r := range rules {
			certainly, perhaps := cell.meets(r.region)
			if !perhaps {
				continue
			}
			if !certainly || !r.peers.must.covers(r.peers.may) || r.unknownGroups {
				a.because(r.uncertainty())
			}
			if !r.accept {
				continue
			}
			for _, g := range r.groups {
				if in, sure := pastRefusals(g, rules[:i], cell); in {
					a.addGroup(groupSource{g, sure && certainly && !r.refuse && !c.unsure, []string{r.ref()}})
				}
			}
			if in, _ := pastRefusals("", rules[:i], cell); in && r.unknownGroups {
				a.addGroup(groupSource{"", false, []string{r.ref()}})
			}
		}
	}
	for i := range a.groups {
		slices.Sort(a.groups[i].rules)
		a.groups[i].rules = slices.Compact(a.groups[i].rules)
	}
	return a
}

// pastRefusals reports whether a group's members may get past the rules before
// the one that admits them, and whether they certainly do. Their addresses are
// inside, but which is not known: only the group itself or all of the inside
// covers them.
func pastRefusals(group string, before []*filterRule, cell query) (may, sure bool) {
	sure = true
	left := internal()
	for _, r := range before {
		certainly, perhaps := cell.meets(r.region)
		if !perhaps || !r.refuse {
			continue
		}
		sure = false
		if r.accept || !certainly {
			continue
		}
		if group != "" && slices.Contains(r.groups, group) {
			return false, false
		}
		left = left.minus(r.peers.must)
	}
	return !left.empty(), sure
}

// refusesMembers reports whether a rule refuses members of a group, whose
// addresses are inside.
func (r *filterRule) refusesMembers() bool {
	return r.refuse && (len(r.groups) > 0 || r.unknownGroups)
}
