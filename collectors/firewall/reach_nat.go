package firewall

import (
	"net/netip"
	"slices"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// mostTargets is how many targets of one translation are told apart.
const mostTargets = 8

// translate sends a connection elsewhere. The rule ends, and so does the chain.
func (w *walk) translate(n *natCode, f stream) {
	ev := w.ev
	switch {
	case ev.at.untranslated:
		ev.accept(f, w.code)
	case ev.base.Hook == netfilter.Postrouting && !ev.space.filtersAfterNAT():
		f.masked = true
		ev.accept(f, w.code) // nothing here sees the new source any more
	case n.Type == "snat" || n.Type == "masquerade" || ev.prog.outgoing:
		// The open address is no longer the one asked about.
		f.altered, f.masked = true, true
		ev.accept(f, w.code)
	case n.keys == nil:
		w.send(n, n.To, f)
	default:
		if n.keys.unread || n.keys.changing {
			ev.blame(w.code, f.cellSet, doubtful, "the members of map "+n.Set+" are not known")
			f = ev.with(f, doubtful)
			g := stream{f.packet, ev.arena.clone(f.cellSet)}
			g.altered = true
			ev.accept(g, w.code)
		}
		w.choose(n.keys, n.keys.rows, f, func(r row, g stream) {
			t, known := targetOf(r.data)
			if !known {
				t = nil
			}
			w.send(n, t, g)
		})
	}
}

// filtersAfterNAT reports whether chains are asked of packets that leave after their
// source was rewritten.
func (s *spaceCode) filtersAfterNAT() bool {
	for _, cc := range append(slices.Clone(s.hooks[netfilter.Postrouting]), s.hooks[netfilter.Egress]...) {
		if cc.Type != "nat" && (cc.Hook == netfilter.Egress || cc.at >= atSNAT) && (len(cc.code) > 0 || cc.Policy != netfilter.Accept) {
			return true
		}
	}
	return false
}

// targetOf reads the data of a map as a target.
func targetOf(data []netfilter.Value) ([]netfilter.Target, bool) {
	var t netfilter.Target
	for _, v := range data {
		switch {
		case v.From.IsValid():
			t.From, t.To = v.From, v.To
		case v.Name == "" && v.Hi <= 65535:
			t.PortLo, t.PortHi = uint16(v.Lo), uint16(v.Hi)
		default:
			return nil, false
		}
	}
	return []netfilter.Target{t}, len(data) > 0
}

// send gives packets a new destination. Which of several it is, is not said.
func (w *walk) send(n *natCode, to []netfilter.Target, f stream) {
	ev := w.ev
	f.natted = true
	if len(to) == 0 && n.Type == "redirect" {
		to = []netfilter.Target{{}}
	}
	if len(to) == 0 {
		ev.blame(w.code, f.cellSet, doubtful, "where it is sent is not known")
		f.altered = true
		ev.accept(f, w.code)
		return
	}
	var options []packet
	for _, t := range to {
		options = append(options, ev.sent(n.Type, t, f.packet)...)
	}
	for _, pk := range options {
		pk.sentElsewhere = elsewhere(&f.packet, &pk)
		g := stream{pk, ev.arena.clone(f.cellSet)}
		if len(options) > 1 {
			ev.blame(w.code, g.cellSet, byRate, "one of several targets is picked")
			g = ev.with(g, byRate)
		}
		ev.accept(g, w.code)
	}
	ev.arena.release(f.cellSet)
}

// elsewhere says whether a packet has another destination than before.
func elsewhere(before, after *packet) truth {
	addresses, ports := !before.addressUnknown && !after.addressUnknown, !before.portUnknown && !after.portUnknown
	switch {
	case addresses && before.address != after.address || ports && before.port != after.port:
		return always
	case addresses && ports:
		return never
	}
	return perhaps
}

// sent are the packets that one may become.
func (ev *evaluation) sent(kind string, t netfilter.Target, pk packet) []packet {
	switch {
	case t.PortLo == 0 && t.PortHi == 0:
	case t.PortLo == t.PortHi:
		pk.port, pk.portUnknown, pk.portGiven = t.PortLo, false, true
	default:
		pk.port, pk.portUnknown, pk.portGiven = 0, true, true
	}
	if kind == "redirect" {
		return []packet{ev.redirected(pk)}
	}
	if !t.From.IsValid() {
		return []packet{pk}
	}
	if t.From.Is6() != ev.prog.v6 {
		pk.altered = true
		return []packet{pk}
	}
	lo, hi := number(t.From), number(t.To)
	if kind == "netmap" {
		mapped, ok := remapped(pk.address, lo, hi)
		if pk.address, pk.addressUnknown = mapped, pk.addressUnknown || !ok; pk.addressUnknown {
			pk.address, pk.here = u128{}, false
		}
		return []packet{pk}
	}
	var list []packet
	for a := lo; a.compare(hi) <= 0 && len(list) < mostTargets; a = a.next() {
		one := pk
		one.address, one.addressUnknown, one.here = a, false, false
		list = append(list, one)
		if a == hi {
			return list
		}
	}
	pk.address, pk.addressUnknown, pk.here = u128{}, true, false
	return []packet{pk}
}

// remapped puts the network's part of an address in another's place, where the range
// is a block.
func remapped(a, lo, hi u128) (u128, bool) {
	host := u128{hi.hi ^ lo.hi, hi.lo ^ lo.lo}
	if n := host.next(); host.hi&n.hi != 0 || host.lo&n.lo != 0 || lo.hi&host.hi != 0 || lo.lo&host.lo != 0 {
		return u128{}, false
	}
	return u128{lo.hi | a.hi&host.hi, lo.lo | a.lo&host.lo}, true
}

// redirected is a packet sent to the interface it came in by.
func (ev *evaluation) redirected(pk packet) packet {
	var own []netip.Addr
	for _, l := range ev.space.wiring.interfaces {
		if l.name != ev.at.in {
			continue
		}
		for _, p := range l.addresses {
			if p.Addr().Is6() == ev.prog.v6 {
				own = append(own, p.Addr())
			}
		}
	}
	pk.here = true
	if len(own) == 1 {
		pk.address, pk.addressUnknown = number(own[0]), false
		return pk
	}
	pk.address, pk.addressUnknown = u128{}, true
	return pk
}
