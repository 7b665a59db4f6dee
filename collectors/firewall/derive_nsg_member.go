package firewall

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/azure"
)

// nsgMembers names the members that rules of chains speak of, and the virtual
// network where its addresses are not known.
func (f *facts) nsgMembers(chains []*filterChain) []string {
	var out []string
	for _, c := range chains {
		if c.addresses.empty() {
			out = append(out, azure.VirtualNetwork)
		}
		rules, _ := f.nsgRules(c)
		for _, r := range rules {
			if r.accept {
				out = append(out, r.groups...)
			}
			if r.accept && r.unknownGroups {
				out = append(out, "")
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// nsgLets asks a chain for members whose addresses are not known: the first
// rule that certainly matches them decides, those before it may.
func (f *facts) nsgLets(c *filterChain, name string, q query, any bool) (certainly, perhaps bool, rules []string) {
	list, disorder := f.nsgRules(c)
	for _, cell := range portCells(list, q) {
		accept, refuse := false, false
		decided := false
		var by []string
		for _, r := range list {
			meets, might := cell.meetsPorts(r.region)
			if !might {
				continue
			}
			sure, maybe := r.matchesMembers(c, name)
			if !maybe {
				continue
			}
			sure = sure && meets && !disorder && !(r.narrow(c) && !(any && !r.refuse))
			if r.accept {
				accept, by = true, append(by, r.ref())
			}
			refuse = refuse || r.refuse
			if sure {
				decided = true
				break
			}
		}
		if !decided {
			if name == "" {
				refuse = true
			}
			accept = true // all members are of the virtual network
		}
		certainly = certainly || accept && !refuse
		perhaps = perhaps || accept
		if accept {
			rules = append(rules, by...)
		}
	}
	if len(c.opaque) > 0 || disorder {
		return false, true, rules
	}
	return certainly, perhaps, rules
}

// matchesMembers says whether a rule matches members of an application group, or
// of the virtual network: by their name, or by all addresses they may have.
func (r *filterRule) matchesMembers(c *filterChain, name string) (certainly, perhaps bool) {
	if r.internet {
		return false, false
	}
	home := c.home()
	network := slices.Contains(r.groups, azure.VirtualNetwork)
	certainly = name != "" && slices.Contains(r.groups, name) || network || r.peers.must.covers(home)
	other := len(r.groups) > 0 && (name == "" || name == azure.VirtualNetwork)
	return certainly, certainly || other || r.unknownGroups || !r.peers.may.intersect(home).empty()
}
