package firewall

import (
	"net/netip"
	"slices"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// space is a network namespace: its filters and what its packets' ways hang on.
type space struct {
	name   string // "" for the host's own
	tables []*netfilter.Table
	wiring wiring
	// unread says why filters may be missing, "" if all were read.
	unread string
}

// wiring is what a namespace's packets are routed by. The zero value knows nothing:
// then an address may be anywhere and a packet come in by any interface.
type wiring struct {
	known      bool // interfaces are all there are
	routed     bool // routes say the way, by destination alone
	interfaces []link
	routes     []wayOut // of the tables local and main, unicast ones and those that refuse
	localNets  bool     // 127.0.0.0/8 is reached by other interfaces too
}

// link is an interface.
type link struct {
	name      string
	loopback  bool
	addresses []netip.Prefix
	forward   [2]bool // IPv4, IPv6
	inner     bool    // part of a bridge or bond: packets come in by that
}

// wayOut is a route. One without an interface, or that several share, leads nowhere known.
type wayOut struct {
	to      netip.Prefix
	link    string
	metric  int
	refused bool // blackhole, unreachable, prohibit
}

// own lists the namespace's addresses of a family but those of loopback.
func (w *wiring) own(v6 bool) []netip.Addr {
	var list []netip.Addr
	for _, l := range w.interfaces {
		for _, p := range l.addresses {
			if a := p.Addr(); a.Is6() == v6 && !a.IsLoopback() && !slices.Contains(list, a) {
				list = append(list, a)
			}
		}
	}
	return list
}

// local says whether an address is the namespace's own.
func (w *wiring) local(a netip.Addr) truth {
	switch {
	case a.IsLoopback() || slices.Contains(w.own(a.Is6()), a):
		return always
	case w.known:
		return never
	}
	return perhaps
}

// out returns the interface a destination is sent to; known is false where the
// routes do not say, and found where none leads there.
func (w *wiring) out(a netip.Addr) (link string, found, known bool) {
	if !w.routed {
		return "", false, false
	}
	var best *wayOut
	for i := range w.routes {
		r := &w.routes[i]
		if r.to.Addr().Is6() != a.Is6() || !r.to.Contains(a) {
			continue
		}
		if best == nil || r.to.Bits() > best.to.Bits() || r.to.Bits() == best.to.Bits() && r.metric < best.metric {
			best = r
		}
	}
	switch {
	case best == nil || best.refused:
		return "", false, true
	case best.link == "":
		return "", false, false
	}
	return best.link, true, true
}

// behind parts a family's addresses by the interface they are routed to; those that
// no route names, or routes do not tell apart, are astray.
func (w *wiring) behind(v6 bool) (by map[string]addrSet, astray addrSet) {
	left := everything(v6)
	by = map[string]addrSet{}
	if !w.routed {
		return by, left
	}
	routes := slices.Clone(w.routes)
	slices.SortStableFunc(routes, func(a, b wayOut) int {
		if a.to.Bits() != b.to.Bits() {
			return b.to.Bits() - a.to.Bits()
		}
		return a.metric - b.metric
	})
	for _, r := range routes {
		if r.to.Addr().Is6() != v6 {
			continue
		}
		mine := setOf(r.to).intersect(left)
		left = left.minus(mine)
		if r.link == "" || r.refused {
			astray = astray.union(mine)
			continue
		}
		by[r.link] = by[r.link].union(mine)
	}
	return by, astray.union(left)
}

// broadcasts are the addresses by which a family's packets are for everyone.
func (w *wiring) broadcasts() addrSet {
	list := []netip.Prefix{netip.MustParsePrefix("255.255.255.255/32"), netip.MustParsePrefix("0.0.0.0/32")}
	for _, l := range w.interfaces {
		for _, p := range l.addresses {
			if p.Addr().Is4() && p.Bits() < 31 {
				end := address(spanOf(p).hi, false)
				list = append(list, netip.PrefixFrom(end, 32))
			}
		}
	}
	return setOf(list...)
}

func multicasts(v6 bool) addrSet {
	if v6 {
		return setOf(netip.MustParsePrefix("ff00::/8"))
	}
	return setOf(netip.MustParsePrefix("224.0.0.0/4"))
}

// locals are a family's addresses that the namespace delivers to itself.
func (w *wiring) locals(v6 bool) addrSet {
	s := loopback().of(v6)
	for _, a := range w.own(v6) {
		s = s.union(setOf(netip.PrefixFrom(a, a.BitLen())))
	}
	return s
}
