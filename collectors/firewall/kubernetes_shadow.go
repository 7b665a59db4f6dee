package firewall

import (
	"github.com/writ-policy/writ/collectors/source/vpc"
	"github.com/writ-policy/writ/engine/fact"
)

// ruleSet are the rules of one direction that select their pods alike, for finding
// those that are shadowed. A rule has a region for each of its ports.
type ruleSet struct {
	rules   []shadowRule
	regions []region // what a rule covers
	owner   []int    // whose region it is
}

type shadowRule struct {
	id      string
	pos     fact.Position
	item    *fact.ItemBuilder
	written []region // what must be covered for the rule to be
}

// mostAlike bounds the regions that are compared with each other.
const mostAlike = 400

// add notes a rule. A port that has a name counts as every port where it is to be
// covered, and as some port where it is to cover.
func (s *ruleSet) add(one writtenRule, protocol string, peer podPeer, p *netpol, it *fact.ItemBuilder) {
	base := region{protocol: protocol, to: 65535, portsKnown: true, certain: true}
	switch {
	case peer.reason != "":
		base.peers, base.unknownGroups = possibly(allSources()), true
	case peer.isBlock:
		base.peers = exactly(peer.block)
	default:
		base.groups = []string{podsText(peer.pods, peer.namespaces, p.namespace)}
	}
	ports := one.ports
	if one.any {
		ports = []portMatch{{protocol: vpc.Any, to: 65535}}
	}
	rule := shadowRule{id: one.id, pos: peer.pos, item: it}
	for _, m := range ports {
		g := base
		g.from, g.to = m.from, m.to
		if m.reason != "" || m.name != "" {
			g.from, g.to = 0, 65535
		}
		g.portsKnown = m.reason == ""
		rule.written = append(rule.written, g)
		g.portsKnown = m.reason == "" && m.name == ""
		if g.certain = p.doubt == ""; !g.certain {
			g.peers = g.peers.uncertain()
		}
		s.regions, s.owner = append(s.regions, g), append(s.owner, len(s.rules))
	}
	s.rules = append(s.rules, rule)
}

// write says which rules cover all that another matches, for the same pods. Of rules
// that cover each other the later ones are named, so that what is left, if all named
// are deleted, is the same.
func (s *ruleSet) write(target string) {
	gone := make([]bool, len(s.rules))
	for i := len(s.rules) - 1; i >= 0; i-- {
		r := s.rules[i]
		if len(s.regions) > mostAlike {
			r.item.Gap("shadowed_by", "more rules select the same pods than are compared", r.pos)
			continue
		}
		var others []int
		for j, owner := range s.owner {
			if owner != i && !gone[owner] {
				others = append(others, j)
			}
		}
		all, maybe := true, true
		var refs []string
		for _, g := range r.written {
			by, certainly, possibly := cover(g, s.regions, others)
			all, maybe = all && certainly, maybe && (certainly || possibly)
			for _, j := range by {
				refs = append(refs, target+"#"+s.rules[s.owner[j]].id)
			}
		}
		switch {
		case all:
			r.item.Set("shadowed_by", fact.Strings(refs), r.pos)
			gone[i] = true
		case maybe:
			r.item.Gap("shadowed_by", "whether other rules cover it hangs on what is not known of them or of it", r.pos)
		default:
			r.item.Set("shadowed_by", []any{}, r.pos)
		}
	}
}
