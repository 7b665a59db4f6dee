package firewall

import (
	"net/netip"
	"slices"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// Packets of a connection that has begun are of no interest: they get through where
// the first one did.

// entryPoint is what is fixed of the packets that are asked about: a first packet of
// a connection, from every source in from.
type entryPoint struct {
	space        *spaceCode
	in           string // interface
	protocol     uint8
	sourcePort   uint16
	port         uint16
	address      u128 // that is not open, as the client writes it
	addressKnown bool
	from         *part
	untranslated bool // destinations are not rewritten
	local        bool // it is asked about as one of the host's own
}

// evaluation follows the packets of one entry point to where they end.
type evaluation struct {
	prog      *program
	at        entryPoint
	space     *spaceCode
	arena     *arena
	all, none *part
	// early says that connections are not tracked yet at this hook.
	early      bool
	variant    int  // which of the orders of chains of equal priority is tried
	orders     int  // how many there are
	sourcePort bool // the source port was compared
	steps      int
	accepted   []stream // by the base chain that is asked
	base       *chainCode
	out        *outcome
}

// evaluate follows packets through all hooks; reversed takes chains of equal priority in
// the opposite order.
func (p *program) evaluate(at entryPoint, reversed bool) *outcome {
	if reversed {
		return p.evaluateOrder(at, -1)
	}
	return p.evaluateOrder(at, 0)
}

// everyOrder follows packets through all hooks, in every order that chains of equal
// priority may be asked in.
func (p *program) everyOrder(at entryPoint) []*outcome {
	list := []*outcome{p.evaluateOrder(at, 0)}
	for orders := list[0].orders; len(list) < min(orders, mostOrders); {
		o := p.evaluateOrder(at, len(list))
		orders = max(orders, o.orders)
		list = append(list, o)
	}
	return list
}

// evaluateOrder takes one of the orders by its number, the opposite one for -1.
func (p *program) evaluateOrder(at entryPoint, variant int) *outcome {
	ev := &evaluation{prog: p, at: at, arena: &p.arena, all: p.cuts.all(), none: &part{}, variant: variant, orders: 1}
	ev.out = newOutcome(p)
	start := stream{packet{address: at.address, addressUnknown: !at.addressKnown, here: !at.addressKnown, port: at.port}, ev.arena.none()}
	words := ev.arena.none()
	words.from, words.to = 0, len(words.words)
	setRun(words.words, ev.all.runs[0])
	start.cellSet = ev.arena.carve(&words, at.from)
	ev.arena.release(words)
	ev.out.asked = runsOf(start.words)
	ev.enter(at.space, []stream{start}, 0)
	ev.out.orders, ev.out.tied, ev.out.sourcePort = ev.orders, ev.orders > 1, ev.sourcePort
	return ev.out
}

// hopsMost is how many namespaces a packet is followed through.
const hopsMost = 4

// enter follows packets that come in to a namespace.
func (ev *evaluation) enter(s *spaceCode, live []stream, hops int) {
	ev.space = s
	for _, reason := range s.unread {
		for _, f := range live {
			ev.blamePlace(f.cellSet, reason)
		}
	}
	if len(s.unread) > 0 {
		for i := range live {
			live[i].altered, live[i].level = true, doubtful
		}
	}
	for i := range live {
		live[i].state = netfilter.StateInvalid
	}
	live = ev.ask(netfilter.Ingress, live)
	live = ev.ask(netfilter.Prerouting, live)
	for i := range live {
		if live[i].state == netfilter.StateInvalid || live[i].state == 0 {
			live[i].state = netfilter.StateNew
		}
	}
	ev.early = false
	var here []stream
	byOut := map[packet][]stream{}
	var order []packet
	for _, f := range live {
		where, out, why := ev.route(&f.packet)
		switch where {
		case toHere:
			here = append(here, f)
		case toNowhere:
			ev.denied(f, -1, why)
		case toOther:
			f.out, f.outUnknown = out, out == 0
			byOut[f.packet] = append(byOut[f.packet], f)
			if !slices.Contains(order, f.packet) {
				order = append(order, f.packet)
			}
		default:
			ev.astray(f, why)
		}
	}
	here = ev.ask(netfilter.Input, here)
	for _, f := range here {
		ev.deliver(s, f)
	}
	var through []stream
	for _, pk := range order {
		through = append(through, byOut[pk]...)
	}
	through = ev.ask(netfilter.Forward, through)
	through = ev.ask(netfilter.Postrouting, through)
	through = ev.ask(netfilter.Egress, through)
	at := ev.at
	for _, f := range through {
		ev.hop(s, f, hops)
		ev.at, ev.space = at, s
	}
}

// hop sends a packet on to the namespace that has its address.
func (ev *evaluation) hop(s *spaceCode, f stream, hops int) {
	if f.altered || f.addressUnknown || hops >= hopsMost {
		ev.astray(f, "where it is sent on to is not known")
		return
	}
	a := address(f.address, ev.prog.v6)
	for _, next := range ev.prog.spaces {
		if next == s {
			continue
		}
		for _, l := range next.wiring.interfaces {
			for _, p := range l.addresses {
				if p.Addr() != a || l.loopback {
					continue
				}
				if next.filters() && s.rewrites() {
					f.altered = true // by then its source may be another
				}
				ev.at.space, ev.at.in, ev.at.port, ev.at.address = next, l.name, f.port, f.address
				f.packet = packet{address: f.address, port: f.port, portUnknown: f.portUnknown, portGiven: f.portGiven, level: f.level, logged: f.logged, sampled: f.sampled, altered: f.altered}
				ev.enter(next, []stream{f}, hops+1)
				return
			}
		}
	}
	ev.deliver(nil, f)
}

// filters reports whether the namespace's own chains may refuse what comes in.
func (s *spaceCode) filters() bool {
	for _, h := range []netfilter.Hook{netfilter.Ingress, netfilter.Prerouting, netfilter.Input} {
		for _, c := range s.hooks[h] {
			if len(c.code) > 0 || c.Policy == netfilter.Drop {
				return true
			}
		}
	}
	return len(s.unread) > 0
}

// rewrites reports whether packets that leave may get another source.
func (s *spaceCode) rewrites() bool {
	for _, c := range s.hooks[netfilter.Postrouting] {
		if c.Type == "nat" && len(c.code) > 0 {
			return true
		}
	}
	return len(s.unread) > 0
}

type destination uint8

const (
	toUnknown destination = iota
	toHere
	toOther
	toNowhere
)

// route says where a packet goes after prerouting; out is the interface, 0 where it
// is not known.
func (ev *evaluation) route(pk *packet) (where destination, out int, why string) {
	switch {
	case pk.altered:
		return toUnknown, 0, ""
	case pk.here:
		return toHere, 0, ""
	case pk.addressUnknown:
		return toUnknown, 0, "its destination is not known"
	}
	w := &ev.space.wiring
	a := address(pk.address, ev.prog.v6)
	if a.IsLoopback() {
		if ev.at.in == "lo" || w.localNets && !ev.prog.v6 {
			return toHere, 0, ""
		}
		if !w.known && !ev.prog.v6 {
			return toUnknown, 0, "whether 127.0.0.0/8 is reached from outside is not known"
		}
		return toNowhere, 0, "the kernel drops packets to loopback that come in by another interface"
	}
	switch w.local(a) {
	case always:
		return toHere, 0, ""
	case perhaps:
		if !ev.prog.outgoing && pk.address == ev.at.address && !pk.natted && ev.at.space == ev.space {
			return toHere, 0, "" // it is asked about as an address of the namespace
		}
		return toUnknown, 0, "the addresses of the host are not known"
	}
	if a.IsMulticast() || w.anycasts(ev.prog.v6).touches(netip.PrefixFrom(a, a.BitLen())) || !ev.prog.v6 && w.broadcasts().meets(addrSet{{pk.address, pk.address}}) {
		return toHere, 0, ""
	}
	i := 0
	if ev.prog.v6 {
		i = 1
	}
	for _, l := range w.interfaces {
		if l.name == ev.at.in && !l.forward[i] {
			return toNowhere, 0, "packets that come in by " + l.name + " are not forwarded"
		}
	}
	link, found, known := w.out(a)
	switch {
	case !known:
		return toOther, 0, ""
	case !found:
		return toNowhere, 0, "there is no route to " + a.String()
	}
	return toOther, slices.Index(ev.prog.links, link), ""
}

// ask sends packets through all base chains of a hook, in order; all have to accept.
func (ev *evaluation) ask(h netfilter.Hook, live []stream) []stream {
	var merged []stream
	for _, f := range live {
		merged = ev.add(merged, f)
	}
	live = merged
	if len(live) == 0 {
		return nil
	}
	chains, told := ev.order(h)
	if !told {
		ev.accepted = nil
		for _, f := range live {
			ev.give(f, "in which order chains of equal priority are asked is not known")
		}
		live = ev.accepted
		ev.accepted = nil
		return live
	}
	for _, cc := range chains {
		if len(live) == 0 {
			break
		}
		ev.early = h == netfilter.Ingress || h == netfilter.Prerouting && cc.at < atConntrack
		var past, todo []stream
		for _, f := range live {
			if !ev.early && (f.state == netfilter.StateInvalid || f.state == 0) {
				f.state = netfilter.StateNew
				if cc.at == atConntrack && h == netfilter.Prerouting {
					f.state = 0
				}
			}
			met := ev.on(cc, &f.packet)
			if met == perhaps {
				ev.blamePlace(f.cellSet, "whether chain "+cc.Name+" is asked is not known")
				f.level = doubtful
				past = ev.add(past, stream{f.packet, ev.arena.clone(f.cellSet)})
			}
			if met == never || cc.Type == "nat" && (f.natted && h == netfilter.Prerouting || f.masked && h != netfilter.Prerouting || f.state == netfilter.StateUntracked) {
				past = ev.add(past, f)
			} else {
				todo = ev.add(todo, f)
			}
		}
		ev.accepted, ev.base = past, cc
		for _, f := range ev.run(cc, todo, 0) {
			switch cc.Policy {
			case netfilter.Accept:
				ev.passed(f, cc, -1)
			case netfilter.Drop:
				ev.denied(f, -1, "policy of "+cc.Name)
			default:
				ev.give(f, "the policy of chain "+cc.Name+" is not known")
			}
		}
		live = ev.accepted
	}
	ev.accepted, ev.base = nil, nil
	return live
}

// on says whether a base chain is asked at the interface that a packet comes in by, or
// goes out by. Chains of type nat are asked where connections are tracked, which is so
// when any rule needs it.
func (ev *evaluation) on(cc *chainCode, pk *packet) truth {
	name := ev.at.in
	switch cc.Hook {
	case netfilter.Egress:
		if name = ev.prog.links[pk.out]; pk.outUnknown || pk.altered {
			return perhaps
		}
	case netfilter.Ingress:
	default:
		if cc.Type == "nat" && !ev.space.tracks && (len(cc.code) > 0 || cc.Policy != netfilter.Accept) {
			return perhaps
		}
		return always
	}
	switch {
	case len(cc.Devices) == 0: // nft 1.0.6 does not list them in JSON
		return perhaps
	case slices.ContainsFunc(cc.Devices, func(d string) bool { return nameMatches(d, name) }):
		return always
	}
	return never
}

// mostOrders bounds the orders of chains that are tried.
const mostOrders = 24

// order lists chains of a hook as they are asked. Those of equal priority are asked in
// no order that a dump tells: each evaluation takes one of all there are. Translations
// count as one chain. It returns false where there are too many.
func (ev *evaluation) order(h netfilter.Hook) ([]*chainCode, bool) {
	list := ev.space.hooks[h]
	var out []*chainCode
	for i := 0; i < len(list); {
		n := i
		acts, translates := false, 0
		for ; n < len(list) && list[n].at == list[i].at; n++ {
			acts = acts || list[n].acts
			if list[n].Type == "nat" {
				translates++
			}
		}
		if !acts || n-i == 1 || translates == n-i && !sameOrder(list[i:n]) {
			out = append(out, list[i:n]...)
			i = n
			continue
		}
		var groups [][]*chainCode // what is asked together
		for _, cc := range list[i:n] {
			if len(cc.code) == 0 && cc.Policy == netfilter.Accept {
				continue // it does nothing, whenever it is asked
			}
			at := -1
			if cc.Type == "nat" {
				at = slices.IndexFunc(groups, func(g []*chainCode) bool { return g[0].Type == "nat" })
			}
			if at < 0 {
				at = len(groups)
				groups = append(groups, nil)
			}
			groups[at] = append(groups[at], cc)
		}
		for _, g := range groups {
			if g[0].Type == "nat" && sameOrder(g) && ev.next(2) == 1 {
				slices.Reverse(g)
				slices.SortStableFunc(g, func(a, b *chainCode) int { return a.Priority - b.Priority })
			}
		}
		for len(groups) > 0 {
			first := ev.next(len(groups))
			out = append(out, groups[first]...)
			groups = slices.Delete(groups, first, first+1)
		}
		i = n
	}
	return out, ev.orders <= mostOrders
}

// sameOrder reports whether two translations have the same priority.
func sameOrder(list []*chainCode) bool {
	for i := 1; i < len(list); i++ {
		if list[i].Type == "nat" && list[i-1].Type == "nat" && list[i].Priority == list[i-1].Priority {
			return true
		}
	}
	return false
}

// next draws one of n ways from the number of the order that is tried: the last where
// that is -1.
func (ev *evaluation) next(n int) int {
	k := n - 1
	if ev.variant >= 0 {
		k = ev.variant % n
		ev.variant /= n
	}
	if ev.orders <= mostOrders {
		ev.orders *= n
	}
	return k
}

// accept is done with a base chain; later ones are still asked.
func (ev *evaluation) accept(f stream, by *code) {
	ev.passed(f, ev.base, by.number)
}

func (ev *evaluation) passed(f stream, cc *chainCode, rule int32) {
	if f.empty() {
		ev.arena.release(f.cellSet)
		return
	}
	ev.out.decide(f.cellSet, decision{rule: rule, base: cc, accept: true})
	ev.accepted = ev.add(ev.accepted, f)
}

func (ev *evaluation) deny(f stream, by *code) { ev.denied(f, by.number, "") }

func (ev *evaluation) denied(f stream, rule int32, why string) {
	if !f.empty() {
		ev.out.decide(f.cellSet, decision{rule: rule, base: ev.base, why: why})
		ev.out.paint(ev.out.deny, f)
	}
	ev.arena.release(f.cellSet)
}

// give says that nothing is known of what becomes of packets.
func (ev *evaluation) give(f stream, reason string) {
	ev.blamePlace(f.cellSet, reason)
	f.level, f.altered = doubtful, true
	for k := f.logged; k < loggedKinds; k++ {
		g := stream{f.packet, ev.arena.clone(f.cellSet)}
		g.logged = k
		ev.denied(g, -1, reason)
	}
	for i := range ev.accepted { // not by add, which may lead here
		if ev.accepted[i].packet == f.packet {
			ev.arena.join(&ev.accepted[i].cellSet, f.cellSet)
			return
		}
	}
	ev.accepted = append(ev.accepted, f)
}

// astray are packets of which it is not known where they go: they may come to
// anything, or be refused.
func (ev *evaluation) astray(f stream, reason string) {
	if reason != "" {
		ev.blamePlace(f.cellSet, reason)
	}
	f.level = doubtful
	for k := f.logged; k < loggedKinds; k++ { // it may be recorded yet
		f.logged = k
		ev.out.paint(ev.out.deny, f)
		ev.out.paint(ev.out.sink(sink{}), f)
	}
	ev.arena.release(f.cellSet)
}

// deliver notes packets that got through; s is nil for one that left the machine.
func (ev *evaluation) deliver(s *spaceCode, f stream) {
	if s != nil && len(s.bridged) > 0 {
		for _, reason := range s.bridged {
			ev.blamePlace(f.cellSet, reason+" may refuse it")
		}
		f.level = doubtful
		ev.out.paint(ev.out.deny, f)
	}
	if f.altered {
		ev.astray(f, "")
		return
	}
	to := sink{known: true, space: s, address: f.address, addressUnknown: f.addressUnknown, port: f.port, portUnknown: f.portUnknown, portKept: !f.portGiven}
	ev.out.paint(ev.out.sink(to), f)
	ev.arena.release(f.cellSet)
}

// blame notes a rule by which what becomes of packets is not certain.
func (ev *evaluation) blame(by *code, c cellSet, l level, reason string) {
	if !c.empty() {
		ev.out.blame(c, cause{rule: by.number, level: l, reason: reason})
	}
}

func (ev *evaluation) blamePlace(c cellSet, reason string) {
	if !c.empty() {
		ev.out.blame(c, cause{rule: -1, level: doubtful, reason: reason})
	}
}
