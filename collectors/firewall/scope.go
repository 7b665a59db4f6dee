package firewall

import "net/netip"

// scopes from narrow to wide.
var scopes = [...]string{"none", "loopback", "host", "internal", "partner", "internet"}

const (
	scopeNone = iota
	scopeLoopback
	scopeHost
	scopeInternal
	scopePartner
	scopeInternet
)

// scopeRank returns the place of a scope's name, the widest for any other text.
func scopeRank(name string) int {
	for i, s := range scopes {
		if s == name {
			return i
		}
	}
	return scopeInternet
}

func loopback() sources { return loopbackSpace }

// internal is the space that is never routed between organisations: private
// use (RFC 1918, RFC 4193), shared address space (RFC 6598) and link-local.
// Every other address, documentation blocks included, counts as internet.
func internal() sources { return internalSpace }

// routedInside is the part of it that networks of an organisation route.
func routedInside() sources { return routedSpace }

// Sets are not modified, so these are made once.
var (
	loopbackSpace = blocks("127.0.0.0/8", "::1/128")
	routedSpace   = blocks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
	internalSpace = routedSpace.union(loopbackSpace).union(blocks("169.254.0.0/16", "fe80::/10"))
)

func blocks(list ...string) sources {
	var prefixes []netip.Prefix
	for _, s := range list {
		prefixes = append(prefixes, netip.MustParsePrefix(s))
	}
	return sourcesOf(prefixes...)
}

// network is one of the register's networks.
type network struct {
	name, environment string
	scope             int
	admin             bool
	addresses         sources
}

// Blocks shorter than these are not believed to be a partner's or one's own:
// no organisation holds them, and two halves of 0.0.0.0/0 are still everyone.
const (
	shortestV4 = 8
	shortestV6 = 16
)

// scopeOf is the widest scope of a set of one family's addresses. The register
// says it for the addresses of its networks, the address space for all others.
func scopeOf(s addrSet, v6 bool, networks []network) int {
	widest := scopeNone
	rest := s
	for _, n := range networks {
		mine := believed(n.addresses.of(v6), v6)
		if rest.meets(mine) {
			widest = max(widest, n.scope)
		}
	}
	for _, n := range networks {
		rest = rest.minus(believed(n.addresses.of(v6), v6))
	}
	switch {
	case rest.empty():
		return widest
	case !internal().of(v6).covers(rest):
		return scopeInternet
	case !loopback().of(v6).covers(rest):
		return max(widest, scopeInternal)
	}
	return max(widest, scopeLoopback)
}

func believed(s addrSet, v6 bool) addrSet {
	shortest := shortestV4
	if v6 {
		shortest = shortestV6
	}
	var keep []netip.Prefix
	for _, p := range s.prefixes(v6) {
		if p.Bits() >= shortest {
			keep = append(keep, p)
		}
	}
	return setOf(keep...)
}
