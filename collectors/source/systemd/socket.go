package systemd

import (
	"fmt"
	"io/fs"
	"net/netip"
	"strconv"
	"strings"

	"github.com/writ-policy/writ/engine/fact"
)

// Socket is a socket unit (systemd.socket(5)).
type Socket struct {
	*Unit
	Listens []Listen
	// Service is the unit that is started; a template if each connection has its own.
	Service string
}

// Listen is one address that a socket unit opens to a network.
type Listen struct {
	Protocol string // tcp, udp, sctp
	// Local is what it is bound to; all addresses of IPv6 where none is written.
	Local netip.AddrPort
	// Both says whether all addresses of IPv6 mean those of IPv4 too: "yes", "no", or
	// "default" where the machine's bindv6only decides.
	Both      string
	Interface string
	Pos       fact.Position
	// Opaque says why the address is not known; all above but the protocol is then empty.
	Opaque string
}

// Sockets reads the socket units of the system. Addresses that are no network's (paths,
// vsock) are left out.
func Sockets(host fs.FS) (sockets []*Socket, reasons []string) {
	units, reasons := Units(host, ".socket")
	for _, u := range units {
		s := &Socket{Unit: u, Service: u.Get("Socket", "Service").Value}
		stem := strings.TrimSuffix(u.Name, ".socket")
		switch accept, known := boolean(u.Get("Socket", "Accept").Value); {
		case s.Service != "" || !known:
		case accept:
			s.Service = strings.TrimSuffix(stem, "@") + "@.service"
		default:
			s.Service = stem + ".service"
		}
		for _, key := range []string{"ListenStream", "ListenDatagram"} {
			for _, setting := range u.All("Socket", key) {
				if l, ok := u.listen(setting, key == "ListenDatagram"); ok {
					s.Listens = append(s.Listens, l)
				}
			}
		}
		sockets = append(sockets, s)
	}
	return sockets, reasons
}

// boolean reads a truth value; an empty one is false.
func boolean(s string) (value, known bool) {
	switch strings.ToLower(s) {
	case "1", "yes", "y", "true", "t", "on":
		return true, true
	case "", "0", "no", "n", "false", "f", "off":
		return false, true
	}
	return false, false
}

// listen reads an address: a port, "ADDRESS:PORT" or "[ADDRESS]:PORT".
func (u *Unit) listen(s Setting, datagram bool) (Listen, bool) {
	l := Listen{Protocol: "tcp", Pos: s.Pos, Interface: u.Get("Socket", "BindToDevice").Value, Both: "default"}
	if datagram {
		l.Protocol = "udp"
	}
	switch strings.ToLower(u.Get("Socket", "SocketProtocol").Value) {
	case "sctp":
		l.Protocol = "sctp"
	case "udplite", "mptcp", "":
	default:
		l.Opaque = "its SocketProtocol is not known"
	}
	switch u.Get("Socket", "BindIPv6Only").Value {
	case "both":
		l.Both = "yes"
	case "ipv6-only":
		l.Both = "no"
	case "", "default":
	default:
		l.Opaque = "its BindIPv6Only is not known"
	}
	text := s.Value
	if strings.HasPrefix(text, "/") || strings.HasPrefix(text, "@") || strings.HasPrefix(text, "vsock") {
		return l, false
	}
	if strings.ContainsRune(text+l.Interface, '%') {
		l.Opaque = fmt.Sprintf("%s holds a specifier or a zone", s.Key)
	}
	var err error
	if port, e := strconv.ParseUint(text, 10, 16); e == nil {
		l.Local = netip.AddrPortFrom(netip.IPv6Unspecified(), uint16(port))
	} else if l.Local, err = netip.ParseAddrPort(text); err != nil && l.Opaque == "" {
		l.Opaque = fmt.Sprintf("%s is not an address that is read here", s.Key)
	}
	if l.Opaque != "" {
		l.Local, l.Interface = netip.AddrPort{}, ""
	}
	return l, true
}
