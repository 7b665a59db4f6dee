package firewall

import (
	"net/netip"
	"slices"

	"github.com/writ-policy/writ/collectors/source/vpc"
)

// region is what a rule matches: protocol, ports and peers, each with what is
// certain and what is possible.
type region struct {
	protocol      string // "" where it is not known
	from, to      int
	portsKnown    bool
	message       string // of ICMP, "" for all
	peers         bounds
	groups        []string // members of these groups
	unknownGroups bool     // and perhaps of others
	certain       bool     // the rule certainly is in force
}

func regionOf(r *vpc.Rule) region {
	g := region{protocol: r.Protocol, from: r.From, to: r.To, portsKnown: r.PortsReason == "", message: r.Message, certain: r.Opaque == "" && r.AllowReason == "" && r.NumberReason == ""}
	var known []netip.Prefix
	for _, p := range r.Peers {
		switch {
		case p.Type == vpc.Members && p.Reason != "":
			g.unknownGroups = true
		case p.Type == vpc.Members:
			g.groups = append(g.groups, p.Name)
		case p.Reason != "":
			g.peers = g.peers.union(possibly(familySources(string(p.Family))))
		default:
			known = append(known, p.Prefix)
		}
	}
	slices.Sort(g.groups)
	g.groups = slices.Compact(g.groups)
	g.peers = g.peers.union(exactly(sourcesOf(known...)))
	if !g.certain {
		g.peers = g.peers.uncertain()
	}
	return g
}

// familySources is every address of a family: ipv4, ipv6, or inet for both.
func familySources(family string) sources {
	all := allSources()
	switch family {
	case "ipv4":
		return sources{v4: all.v4}
	case "ipv6":
		return sources{v6: all.v6}
	}
	return all
}

func (g region) exact() bool {
	return g.certain && g.protocol != "" && g.portsKnown && !g.unknownGroups && g.peers.must.covers(g.peers.may)
}
