package firewall

import (
	"slices"

	"github.com/writ-policy/writ/collectors/source/azure"
	"github.com/writ-policy/writ/collectors/source/vpc"
)

// azurePieces are the regions of a rule, one for each range of ports, seen from
// the side of its peers. A rule that is not for all of the other side is narrow.
func azurePieces(r *azure.Rule) []piece {
	peers, others := r.Sources, r.Destinations
	if r.Egress {
		peers, others = others, peers
	}
	g := region{protocol: r.Protocol, to: 65535, portsKnown: r.PortsReason == ""}
	g.certain = r.Opaque == "" && r.AllowReason == "" && r.PriorityReason == ""
	g.addPeers(peers)
	if !g.certain {
		g.peers = g.peers.uncertain()
	}
	_, all := otherSide(others)
	narrow := !all || len(r.SourcePorts) > 0 || r.SourcePortsReason != ""
	ranges := r.DestinationPorts
	if len(ranges) == 0 {
		ranges = []azure.Ports{{From: 0, To: 65535}}
	}
	out := make([]piece, len(ranges))
	for i, p := range ranges {
		out[i] = piece{region: g, narrow: narrow}
		out[i].from, out[i].to = p.From, p.To
	}
	return out
}

// piece is a region that holds for all of the other side, or is narrow.
type piece struct {
	region
	narrow bool
}

// addPeers sorts peers into addresses and groups, as [regionOf] does.
func (g *region) addPeers(peers []vpc.Peer) {
	r := regionOf(&vpc.Rule{Peers: peers, Allow: true})
	g.peers, g.groups, g.unknownGroups = r.peers, r.groups, r.unknownGroups
}

// otherSide reads the side of a rule where the group stands: all of it, where it
// is any address or the virtual network, in which everything behind a group is.
func otherSide(peers []vpc.Peer) (g region, all bool) {
	g.certain = true
	g.addPeers(peers)
	all = g.peers.must.covers(allSources())
	for _, p := range peers {
		all = all || p.Name == azure.VirtualNetwork && p.Reason == ""
	}
	return g, all
}

// azureShadows says which rules never decide, because those asked before them
// cover all they match. Of the other side each of those has to cover all by
// itself.
func azureShadows(rules []*azure.Rule) []shadow {
	out := make([]shadow, len(rules))
	for i, r := range rules {
		var regions []region
		var owner, all []int
		for j, o := range rules[:i] {
			certainly, perhaps := besideCovers(o, r)
			if !perhaps {
				continue
			}
			for _, p := range azurePieces(o) {
				if !certainly {
					p.certain, p.peers = false, p.peers.uncertain()
				}
				all = append(all, len(regions))
				regions, owner = append(regions, p.region), append(owner, j)
			}
		}
		written := *r
		written.Opaque = ""
		whole, might, by := true, true, []string{}
		for _, p := range azurePieces(&written) {
			who, certainly, perhaps := cover(p.region, regions, all)
			whole, might = whole && certainly, might && perhaps
			for _, j := range who {
				by = append(by, rules[owner[j]].ID)
			}
		}
		switch {
		case whole:
			slices.Sort(by)
			out[i].by = slices.Compact(by)
		case might:
			out[i].reason = "whether other rules cover it hangs on what is not known of them or of it"
		}
	}
	return out
}

// besideCovers says whether a rule is for all that another is for on the side of
// the group, and whether it may be. Source ports count as equal or as any.
func besideCovers(o, r *azure.Rule) (certainly, perhaps bool) {
	side := func(r *azure.Rule) []vpc.Peer {
		if r.Egress {
			return r.Sources
		}
		return r.Destinations
	}
	if len(o.SourcePorts) > 0 && !slices.Equal(o.SourcePorts, r.SourcePorts) {
		return false, false
	}
	known := o.SourcePortsReason == ""
	have, all := otherSide(side(o))
	if all {
		return known, true
	}
	want, every := otherSide(side(r))
	if every {
		return false, false
	}
	certainly = known && have.peers.must.covers(want.peers.may) && coversGroups(want.groups, have.groups, have.peers.must) && !want.unknownGroups
	perhaps = have.peers.may.covers(want.peers.must) && (have.unknownGroups || coversGroups(want.groups, have.groups, have.peers.may))
	return certainly, perhaps
}
