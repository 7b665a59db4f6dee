package firewall

import "github.com/writ-policy/writ/collectors/source/vpc"

// aclPeers paints an ACL's rules in their order over all peers: the union, over
// all protocols and ports, of the peers that some rule admits.
func aclPeers(rules []*vpc.Rule) bounds {
	var ordered []region
	var allow []bool
	for _, r := range rules {
		ordered = append(ordered, regionOf(r))
		allow = append(allow, r.Allow || r.AllowReason != "")
	}
	// Only a rule for every protocol takes peers away from those after it; one
	// for a single port leaves them the others.
	var admitted bounds
	left := exactly(allSources())
	for i, g := range ordered {
		peers := g.peers
		if allow[i] {
			admitted = admitted.union(left.intersect(peers))
		}
		if g.protocol == vpc.Any && g.certain {
			left = bounds{left.must.minus(peers.may), left.may.minus(peers.must)}
		} else {
			left = bounds{must: left.must.minus(blocked(g, allow[i])), may: left.may}
		}
	}
	return admitted
}

// blocked is what a deny rule for some traffic may take from a later rule.
func blocked(g region, allow bool) sources {
	if allow {
		return sources{}
	}
	return g.peers.may
}
