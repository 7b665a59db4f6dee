package ports

import (
	"cmp"
	"net/netip"
	"path"
	"slices"

	"github.com/writ-policy/writ/collectors/source/process"
	"github.com/writ-policy/writ/collectors/source/socket"
	"github.com/writ-policy/writ/collectors/source/systemd"
	"github.com/writ-policy/writ/engine/fact"
)

// activated is the socket unit by which the service manager opened a listener.
type activated struct {
	unit, service string
	at            fact.Position
	reason        string // why that is not known
}

// isManager reports whether a process is the system's service manager.
func isManager(p *process.Process) bool {
	return p.PID == 1 && path.Base(p.Exe) == "systemd"
}

// activation finds the socket unit of a listener: the manager holds the socket, and a
// unit names its address. Whether it holds it may not be known.
func (x *inventory) activation(l *listener) activated {
	none := activated{at: l.at}
	if !l.Host {
		return none
	}
	holds := slices.ContainsFunc(l.holders, isManager)
	if !holds && x.table.Complete() {
		return none
	}
	opaque := ""
	for _, u := range x.sockets {
		opaque = cmp.Or(u.Reason, opaque)
		for _, a := range u.Listens {
			switch {
			case a.Opaque != "":
				opaque = u.Name + ": " + a.Opaque
			case !l.opened(a):
			case !holds:
				return activated{reason: "whether " + u.Name + " opened it is not known: " + x.table.DeniedReason}
			default:
				return activated{unit: u.Name, service: u.Service, at: a.Pos}
			}
		}
	}
	if !holds {
		return none // no unit that could be read names it
	}
	for _, r := range append(x.unread, opaque) {
		if r != "" {
			return activated{reason: "the unit that opened it is not known: " + r}
		}
	}
	return none
}

// opened reports whether a listener may be what a unit opens.
func (l *listener) opened(a systemd.Listen) bool {
	device := ""
	if link := l.Link(l.link); link != nil {
		device = link.Name
	}
	if a.Protocol != l.protocol || a.Local.Port() != l.port || a.Interface != device {
		return false
	}
	half := a.Local.Addr() == netip.IPv6Unspecified() && a.Both != "no" && l.dual && l.address == netip.IPv4Unspecified()
	return half || a.Local.Addr() == l.address
}

// idle writes the service that the manager would start for a connection: nobody runs it
// yet, or each connection has a process of its own. The reason says why no more is known.
func idle(it *fact.ItemBuilder, by activated, why string) {
	o := it.Append("owners", by.at)
	for _, name := range []string{"exe", "exe_deleted", "own_root", "user", "container", "image_digest", "package"} {
		o.Gap(name, why, by.at)
	}
	o.Set("unit", socket.PlainName(by.service), by.at).Set("pid", 0, by.at).Set("started_at", "", by.at).Set("foreign", false, by.at)
}

// saved lists what the units of a saved file tree open: those that something pulls in.
func (x *inventory) saved() *fact.Document {
	x.b = fact.NewBuilder("port.listener", x.env.Host.Target(), x.env.Envelope("ports", "systemd"), x.env.Now)
	x.b.Incomplete("a saved file tree does not hold what listens: collect on the host itself")
	for _, r := range x.unread {
		x.b.Incomplete(r)
	}
	for _, u := range x.sockets {
		if u.Reason != "" {
			x.b.Incomplete(u.Reason)
		}
		for _, a := range u.Listens {
			switch {
			case !u.Wanted:
			case a.Opaque != "":
				x.b.Incomplete(u.Name + ": " + a.Opaque)
			default:
				x.declared(u, a)
			}
		}
	}
	return x.b.Document()
}

// declared writes an address that a unit opens.
func (x *inventory) declared(u *systemd.Socket, a systemd.Listen) {
	x.env.MarkRead(a.Pos.Source, "")
	const unseen = "a saved file tree does not tell it"
	at := a.Pos
	l := &listener{protocol: a.Protocol, address: a.Local.Addr().Unmap(), port: a.Local.Port()}
	it := x.b.Add(x.id(l, socket.PlainName(a.Interface)), "declared", at)
	it.Set("host", x.env.Host.Name, at).Set("netns", "", at).Set("protocol", l.protocol, at).Set("port", int(l.port), at)
	it.Set("address", l.address.String(), at).Set("interface", socket.PlainName(a.Interface), at).Set("sockets", 0, at)
	switch {
	case l.address != netip.IPv6Unspecified() || a.Both == "no":
		it.Set("families", []any{family(l.address)}, at).Set("dual_stack", false, at)
	case a.Both == "yes":
		it.Set("families", []any{"ipv4", "ipv6"}, at).Set("dual_stack", true, at)
	default:
		it.Gap("families", "bindv6only of the host decides", at).Gap("dual_stack", "bindv6only of the host decides", at)
	}
	switch {
	case l.address.IsUnspecified():
		it.Gap("scope", unseen, at)
	case l.address.IsLoopback():
		it.Set("scope", "loopback", at)
	default:
		it.Set("scope", networkOf(l.address), at)
	}
	it.Set("ephemeral", false, at).Set("attribution", "unit", at).Set("owners_complete", false, at)
	it.Gap("opened_by", unseen, at)
	by := activated{unit: u.Name, service: u.Service, at: at}
	it.Set("activation", map[string]any{"unit": socket.PlainName(by.unit), "service": socket.PlainName(by.service)}, at)
	idle(it, by, unseen)
	for _, name := range []string{"wire", "tls", "authentication"} {
		it.Gap(name, unseen, at)
	}
}
