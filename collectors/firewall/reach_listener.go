package firewall

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// ear is a listener: an address (unspecified for all of them) and a port in a
// namespace.
type ear struct {
	space    string
	protocol uint8
	address  netip.Addr
	port     uint16
	// proxied says that it is a helper that stands for a container's port: who is sent
	// on to the container is who it serves.
	proxied bool
}

// question is an entry point as far as answers to it differ.
type question struct {
	space        *spaceCode
	in           string
	protocol     uint8
	port         int // the first of its class
	address      u128
	addressKnown bool
	untranslated bool
	from         *part
}

// choice is what becomes of packets with one source port; which of its outcomes it is
// is not known.
type choice struct {
	sourcePort uint16
	outcomes   []*outcome
}

// most cells of outcomes that are kept for the next listener.
const mostHeld = 4 << 20

// mostDestinations is how many addresses that rules name are tried as destinations.
const mostDestinations = 512

// ordinary is a source port that clients have when they do not choose one.
const ordinary = 49152

// ask evaluates an entry point for every source port that rules tell apart, in every
// order of chains.
func (p *program) ask(at entryPoint) []choice {
	class := p.class(int(at.port))
	q := question{at.space, at.in, at.protocol, class, at.address, at.addressKnown, at.untranslated, at.from}
	if found, ok := p.asked[q]; ok {
		return found
	}
	at.port = uint16(class)
	one := func(sourcePort uint16) choice {
		at.sourcePort = sourcePort
		return choice{sourcePort: sourcePort, outcomes: p.everyOrder(at)}
	}
	list := []choice{one(ordinary)}
	if slices.ContainsFunc(list[0].outcomes, func(o *outcome) bool { return o.sourcePort }) {
		home := p.sourceClass(ordinary)
		for _, port := range p.sourcePorts {
			if port != home {
				list = append(list, one(uint16(port)))
			}
		}
	}
	if p.held > mostHeld {
		p.asked, p.held = map[question][]choice{}, 0
	}
	p.held += len(list) * p.cuts.count()
	p.asked[q] = list
	return list
}

// class returns the first port of a port's class.
func (p *program) class(port int) int { return classOf(p.ports, port) }

func (p *program) sourceClass(port int) int { return classOf(p.sourcePorts, port) }

func classOf(list []int, port int) int {
	i, found := slices.BinarySearch(list, port)
	if !found {
		i--
	}
	return list[i]
}

// reached is who reaches a listener: an answer for every cell.
type reached struct {
	answers  []answer
	causes   []cause // of what is not certain, with the cells each is about
	doubts   [][]uint64
	narrowed []uint16 // source ports that alone let some of them in
	// Of those that get through to a container, whom the host's input chain would
	// refuse, certainly and perhaps.
	excess []truth
	reason string // why nothing is known
}

// entrance is a place where packets from outside come in: interfaces that no rule
// tells apart, and the sources that are behind them.
type entrance struct {
	in   string
	from *part
}

// entrances parts the sources by the interface they come in by. Sources of which that
// is not known may come in by any.
func (p *program) entrances() (by []entrance, anywhere *part) {
	if p.anywhere == nil {
		p.entries, p.anywhere = p.partEntrances()
	}
	return p.entries, p.anywhere
}

func (p *program) partEntrances() (by []entrance, anywhere *part) {
	host := p.spaces[0]
	w := &host.wiring
	names := p.outside(host)
	foreign := everything(p.v6).minus(w.locals(p.v6)).minus(multicasts(p.v6))
	if !p.v6 {
		foreign = foreign.minus(setOf(netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("255.255.255.255/32")))
	}
	behind, astray := w.behind(p.v6)
	type class struct {
		name string
		set  addrSet
	}
	classes := map[string]*class{}
	var order []string
	for _, name := range names {
		key := p.likeness(host, name)
		if classes[key] == nil {
			classes[key] = &class{name: name}
			order = append(order, key)
		}
		classes[key].set = classes[key].set.union(behind[name])
		delete(behind, name)
	}
	for _, s := range behind { // routed to an interface that is not there, or to lo
		astray = astray.union(s)
	}
	for _, key := range order {
		c := classes[key]
		by = append(by, entrance{c.name, p.cuts.part(c.set.intersect(foreign))})
	}
	return by, p.cuts.part(astray.intersect(foreign))
}

// outside lists the interfaces packets come in by; where they are not known, one for
// each that rules name and one that none does.
func (p *program) outside(s *spaceCode) []string {
	var names []string
	if s.wiring.known {
		for _, l := range s.wiring.interfaces {
			if !l.loopback && !l.inner {
				names = append(names, l.name)
			}
		}
		return names
	}
	for _, name := range p.links {
		if name != "" && name != "lo" {
			names = append(names, name, name+"0")
		}
	}
	return append(names, "any other")
}

// likeness is the same for interfaces that no rule tells apart.
func (p *program) likeness(s *spaceCode, name string) string {
	key := []byte{}
	for _, pattern := range p.patterns {
		if nameMatches(pattern, name) {
			key = append(key, '1')
		} else {
			key = append(key, '0')
		}
	}
	for _, l := range s.wiring.interfaces {
		if l.name == name {
			key = fmt.Appendf(key, " %v", l.forward)
			if p.redirects {
				key = fmt.Appendf(key, " %v", l.addresses)
			}
		}
	}
	return string(key)
}

// listen answers who reaches a listener from outside of the machine.
func (p *program) listen(e ear) *reached {
	r := &reached{answers: make([]answer, p.cuts.count()), excess: make([]truth, p.cuts.count())}
	targets, reason := p.addressesOf(e)
	if reason != "" {
		r.reason = reason
		return r
	}
	meets := func(port uint16) goal {
		return func(s sink) truth { return e.meets(s, p.v6, targets, port) }
	}
	entries, anywhere := p.entrances()
	seen := map[[2]any]bool{}
	for _, d := range p.doors(e, targets) {
		if key := ([2]any{d.address, d.port}); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		at := entryPoint{space: p.spaces[0], protocol: e.protocol, port: d.port, addressKnown: d.address.IsValid()}
		if at.addressKnown {
			at.address = number(d.address)
		}
		one := r.answers
		if !d.first {
			one = make([]answer, len(r.answers))
		}
		for _, in := range entries {
			at.in, at.from = in.in, in.from
			p.through(r, at, meets(d.port), one)
		}
		if !anywhere.empty() {
			p.byAny(r, at, meets(d.port), one)
		}
		if (e.proxied || e.space != "") && d.address.IsValid() && p.spaces[0].wiring.local(d.address) == always {
			p.compareInput(r, at, one)
		}
		if !d.first {
			for cell := range one {
				r.answers[cell] = p.choose(r.answers[cell], one[cell])
			}
		}
	}
	if len(p.destinations) > mostDestinations && slices.ContainsFunc(p.translations, func(k *code) bool { return k.leadsTo(e, targets, p.v6) && len(k.destinations(p.v6)) == 0 }) {
		r.causes, r.doubts = append(r.causes, cause{-1, doubtful, "not every address that is translated was tried"}), append(r.doubts, p.everyCell())
		for i := range r.answers {
			if r.answers[i].verdict == unreachable {
				r.answers[i].verdict, r.answers[i].recording = unknown, recordingUnknown
			}
		}
	}
	fill(r.answers, p.foreign())
	fill(r.excess, p.foreign())
	return r
}

// compareInput notes who gets through to a container by a door of the host and would be
// refused there if nothing sent them on.
func (p *program) compareInput(r *reached, at entryPoint, got []answer) {
	at.untranslated = true
	here := func(s sink) truth {
		switch {
		case !s.known:
			return perhaps
		case s.space == p.spaces[0]:
			return always
		}
		return never
	}
	plain := make([]answer, len(got))
	entries, anywhere := p.entrances()
	ignored := &reached{}
	for _, in := range entries {
		at.in, at.from = in.in, in.from
		p.through(ignored, at, here, plain)
	}
	if !anywhere.empty() {
		p.byAny(ignored, at, here, plain)
	}
	for cell, asked := range p.foreign() {
		switch {
		case !asked || got[cell].verdict == unreachable || plain[cell].verdict >= limited:
		case got[cell].verdict >= limited && plain[cell].verdict == unreachable:
			r.excess[cell] = always
		default:
			r.excess[cell] = max(r.excess[cell], perhaps)
		}
	}
}

// byAny is for sources that may come in by any interface.
func (p *program) byAny(r *reached, at entryPoint, g goal, into []answer) {
	entries, anywhere := p.entrances()
	for i, in := range entries {
		at.in, at.from = in.in, anywhere
		some := make([]answer, len(into))
		p.through(r, at, g, some)
		for _, x := range p.cuts.runs(anywhere) {
			for cell := x.lo; cell <= x.hi; cell++ {
				if i == 0 {
					into[cell] = some[cell]
				} else {
					into[cell] = p.either(into[cell], some[cell])
				}
			}
		}
	}
}

// through adds what an entry point's choices come to.
func (p *program) through(r *reached, at entryPoint, g goal, into []answer) {
	if at.from.empty() {
		return
	}
	choices := p.ask(at)
	if len(choices) == 1 && len(choices[0].outcomes) == 1 {
		o := choices[0].outcomes[0]
		p.read(o, g, into)
		r.blame(o)
		return
	}
	for i, c := range choices {
		var sum, some []answer
		for j, o := range c.outcomes {
			some = make([]answer, len(into))
			p.read(o, g, some)
			r.blame(o)
			if j == 0 {
				sum = some
				continue
			}
			for cell := range sum {
				sum[cell] = p.either(sum[cell], some[cell])
			}
		}
		for _, x := range p.cuts.runs(at.from) {
			for cell := x.lo; cell <= x.hi; cell++ {
				before := into[cell]
				switch {
				case i == 0:
					into[cell] = sum[cell]
				default:
					into[cell] = p.choose(into[cell], sum[cell])
					if into[cell].verdict > before.verdict && !slices.Contains(r.narrowed, c.sourcePort) {
						r.narrowed = append(r.narrowed, c.sourcePort)
					}
				}
			}
		}
	}
}

// blame takes over what keeps an outcome from being certain.
func (r *reached) blame(o *outcome) {
	for k, by := range o.causes {
		i := slices.Index(r.causes, by)
		if i < 0 {
			r.causes, r.doubts = append(r.causes, by), append(r.doubts, slices.Clone(o.doubts[k]))
			continue
		}
		for j, w := range o.doubts[k] {
			r.doubts[i][j] |= w
		}
	}
}

func (p *program) everyCell() []uint64 {
	words := make([]uint64, wordCount(p.cuts.count()))
	setRun(words, run{0, int32(p.cuts.count() - 1)})
	return words
}

// fill gives cells that no packet comes from the answer of their neighbours, so that
// they cut no block in two.
func fill[T any](list []T, asked []bool) {
	at := -1
	for cell := range list {
		if asked[cell] {
			if at < 0 {
				for i := range cell {
					list[i] = list[cell]
				}
			}
			at = cell
		} else if at >= 0 {
			list[cell] = list[at]
		}
	}
}

// foreign marks the cells that packets come from.
func (p *program) foreign() []bool {
	if p.foreignCells != nil {
		return p.foreignCells
	}
	marks := make([]bool, p.cuts.count())
	by, anywhere := p.entrances()
	for _, e := range append(by, entrance{from: anywhere}) {
		for _, x := range p.cuts.runs(e.from) {
			for cell := x.lo; cell <= x.hi; cell++ {
				marks[cell] = true
			}
		}
	}
	p.foreignCells = marks
	return marks
}

// meets says whether packets end at the listener.
func (e ear) meets(s sink, v6 bool, targets []netip.Addr, asked uint16) truth {
	if !s.known {
		return perhaps
	}
	name := "?"
	if s.space != nil {
		name = s.space.name
	}
	if e.proxied && name != e.space && (s.space != nil || !s.portKept) {
		return always // sent on to what it stands for
	}
	if name != e.space {
		return never
	}
	answer := always
	port := s.port
	if s.portKept {
		port = asked
	}
	switch {
	case s.portUnknown:
		answer = perhaps
	case port != e.port:
		return never
	}
	switch {
	case e.address.IsUnspecified() || !e.address.IsValid():
	case s.addressUnknown:
		answer = perhaps
	case !slices.Contains(targets, address(s.address, v6)):
		return never
	}
	return answer
}

// addressesOf lists the addresses by which a listener is reached, none where they are
// not known and it is the host's.
func (p *program) addressesOf(e ear) (list []netip.Addr, reason string) {
	i := slices.IndexFunc(p.spaces, func(s *spaceCode) bool { return s.name == e.space })
	if i < 0 {
		return nil, "network namespace " + e.space + " was not read"
	}
	if e.address.IsValid() && !e.address.IsUnspecified() {
		return []netip.Addr{e.address}, ""
	}
	w := &p.spaces[i].wiring
	if !w.known && i > 0 {
		return nil, "the addresses of network namespace " + e.space + " are not known"
	}
	return w.own(p.v6), ""
}

// door is an address and a port that a client may write to get to a listener; an
// address that is not valid is one of the host's that is not known.
type door struct {
	address netip.Addr
	port    uint16
	first   bool
}

// doors lists them: the listener's own, and those that translations lead to it from.
func (p *program) doors(e ear, targets []netip.Addr) []door {
	var list []door
	add := func(a netip.Addr, port uint16) {
		list = append(list, door{a, port, len(list) == 0})
	}
	for _, a := range p.alike(targets) {
		add(a, e.port)
	}
	own := p.alike(p.spaces[0].wiring.own(p.v6))
	if !p.spaces[0].wiring.known {
		if e.space == "" && len(targets) == 0 {
			add(netip.Addr{}, e.port)
		}
		own = append(own, netip.Addr{})
	}
	if len(p.translations) > 0 && !e.proxied && len(p.destinations) <= mostDestinations {
		// A packet for another host that this one would pass on may be sent to the
		// listener as well.
		var others []netip.Addr
		for _, s := range p.destinations {
			others = append(others, address(s.lo, p.v6))
			if next := s.hi.next(); (next != u128{}) && everything(p.v6).covers(addrSet{{next, next}}) {
				others = append(others, address(next, p.v6))
			}
		}
		own = p.alike(append(slices.Clone(p.spaces[0].wiring.own(p.v6)), others...))
		if !p.spaces[0].wiring.known {
			own = append(own, netip.Addr{})
		}
	}
	for _, k := range p.translations {
		if e.proxied || !k.leadsTo(e, targets, p.v6) {
			continue
		}
		ports := []int{int(e.port)}
		for _, c := range p.ports {
			if c >= int(k.portLo) && c <= int(k.portHi) || p.class(int(k.portLo)) == c {
				ports = append(ports, c)
			}
		}
		for _, a := range append(slices.Clone(own), k.destinations(p.v6)...) {
			for _, port := range ports {
				add(a, uint16(port))
			}
		}
	}
	if len(list) == 0 { // it has no address that a packet could be sent to
		return nil
	}
	return list
}

// alike keeps one of the addresses that no rule tells apart.
func (p *program) alike(list []netip.Addr) []netip.Addr {
	seen := map[string]bool{}
	var out []netip.Addr
	for _, a := range list {
		n := number(a)
		key := make([]byte, 0, len(p.destinations)+2)
		for _, s := range p.destinations {
			if s.lo.compare(n) <= 0 && n.compare(s.hi) <= 0 {
				key = append(key, '1')
			} else {
				key = append(key, '0')
			}
		}
		w := &p.spaces[0].wiring
		switch {
		case w.local(a) == always:
		case slices.ContainsFunc(p.spaces[1:], func(s *spaceCode) bool { return s.wiring.local(a) == always }):
			key = append(key, a.String()...)
		default: // it is sent on, by the way to it
			out, _, _ := w.out(a)
			key = append(key, out...)
			key = append(key, 'x')
		}
		if !seen[string(key)] {
			seen[string(key)] = true
			out = append(out, a)
		}
	}
	return out
}

// leadsTo reports whether a translation may lead to a listener.
func (k *code) leadsTo(e ear, targets []netip.Addr, v6 bool) bool {
	for _, s := range k.steps {
		if s.nat == nil {
			continue
		}
		if s.nat.keys != nil || s.nat.Type == "redirect" || s.nat.Type == "netmap" || len(s.nat.To) == 0 {
			return true
		}
		for _, t := range s.nat.To {
			if t.PortLo != 0 && (e.port < t.PortLo || t.PortHi < e.port) {
				continue
			}
			if !t.From.IsValid() || len(targets) == 0 {
				return true
			}
			for _, a := range targets {
				if a.Is6() == t.From.Is6() && t.From.Compare(a) <= 0 && a.Compare(t.To) <= 0 {
					return true
				}
			}
		}
	}
	return false
}

// destinations are single addresses that a rule asks for.
func (k *code) destinations(v6 bool) []netip.Addr {
	var list []netip.Addr
	for _, s := range k.steps {
		if s.match == nil || s.match.negate {
			continue
		}
		for i, f := range s.match.fields {
			if f != netfilter.DestAddr {
				continue
			}
			for _, r := range s.match.rows {
				if !r.opaque && !r.values[i].unknown && len(list) < mostTargets {
					list = append(list, address(r.values[i].lo, v6))
				}
			}
		}
	}
	return list
}
