package ports

import (
	"net/netip"

	"github.com/writ-policy/writ/collectors/source/socket"
)

// scope is the widest network that has a route to the address, before any filter. An
// address of one's own is taken for as wide as addresses of its block are; one that is
// translated in front of the host is not known here.
func (l *listener) scope() (scope, reason string) {
	if l.detailed && l.link != 0 {
		if link := l.Link(l.link); link != nil && link.Loopback {
			return "loopback", ""
		}
	}
	switch {
	case l.address.IsLoopback():
		for _, link := range l.Links {
			if l.address.Is4() && link.LocalRouted {
				return "internal", "" // neighbours on that link may send to 127.0.0.0/8
			}
		}
		return "loopback", ""
	case !l.address.IsUnspecified():
		return networkOf(l.address), ""
	case l.LinksReason != "":
		return "", l.LinksReason
	}
	ipv4 := l.widest(func(a netip.Addr) bool { return a.Is4() })
	ipv6 := l.widest(func(a netip.Addr) bool { return !a.Is4() })
	switch {
	case l.both == socket.Unknown && ipv4 != ipv6:
		return "", "whether it serves IPv4 too is not known, and the host's addresses differ in scope"
	case l.address.Is4():
		return ipv4, ""
	}
	return ipv6, ""
}

// widest is the scope of the widest address of a family: of the interface that the
// listener is bound to if that has any, else of all. Without any but loopback ones
// nobody but the host gets there.
func (l *listener) widest(family func(netip.Addr) bool) string {
	own, all := "host", "host"
	bound := false
	for _, a := range l.Addresses {
		if !family(a.Addr) || a.Addr.IsLoopback() {
			continue
		}
		n := networkOf(a.Addr)
		all = wider(all, n)
		if a.Link == l.link {
			own, bound = wider(own, n), true
		}
	}
	if bound {
		return own
	}
	return all
}

func wider(a, b string) string {
	if a == "internet" || b == "host" {
		return a
	}
	return b
}

// networkOf is the scope of an address that is no loopback one. Multicast reaches the
// link, or as far as routers carry it inside.
func networkOf(a netip.Addr) string {
	if a.IsMulticast() || a == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return "internal"
	}
	return scopeOfAddress(a.WithZone(""))
}
