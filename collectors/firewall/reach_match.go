package firewall

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// matcher is a match, or the keys of a map, over cells: of the field that is left
// open (the source of what comes in, the destination of what goes out) it keeps sets
// of cells, all other fields are compared with the packet's.
type matcher struct {
	fields []netfilter.Field
	open   int // index of the open field, -1 without one
	negate bool
	mask   uint64
	rows   []row
	// alien says that all its addresses are of the other family: such a field no
	// packet here has.
	alien bool
	// unread says that members may be missing, changing that members come and go,
	// filled that packets themselves change them.
	unread, changing, filled bool
	lenient                  bool // of iptables
	// plain matches compare the open field alone: sure is what holds, not the rest.
	plain     bool
	sure, not *part
	ports     []numbers // of a plain match of the destination port or the protocol alone
}

// row is an element: a condition for each field.
type row struct {
	values  []condition
	opaque  bool
	verdict *target
	data    []netfilter.Value
}

// condition holds for numbers, addresses or a name; of the open field for cells.
type condition struct {
	lo, hi  u128
	name    string
	cells   *part
	unknown bool // it could not be compared
	alien   bool // an address of the other family
}

// numbers is a range of numbers.
type numbers struct{ lo, hi uint64 }

var (
	addressFields = []netfilter.Field{netfilter.SourceAddr, netfilter.DestAddr, netfilter.OrigSource, netfilter.OrigDest}
	nameFields    = []netfilter.Field{netfilter.InInterface, netfilter.OutInterface}
)

// isOpen reports whether a field is that one whose values are kept open, or is worked
// out from it alone.
func (p *program) isOpen(f netfilter.Field) bool {
	if p.outgoing {
		return f == netfilter.DestAddr || f == netfilter.OrigDest || f == netfilter.DestType
	}
	return f == netfilter.SourceAddr || f == netfilter.OrigSource || f == netfilter.SourceType
}

// elements returns the members a match or map names, and its set.
func elements(t *netfilter.Table, name string, own []netfilter.Element) ([]netfilter.Element, *netfilter.Set) {
	if name == "" {
		return own, nil
	}
	if s := t.Set(name); s != nil {
		return s.Elements, s
	}
	return nil, &netfilter.Set{Name: name, Unread: "there is no set of that name"}
}

func (c *compiler) matcher(t *netfilter.Table, fields []netfilter.Field, negate bool, mask uint64, set string, own []netfilter.Element) *matcher {
	m := &matcher{fields: fields, open: -1, negate: negate, mask: mask, lenient: t.Backend != netfilter.NFT}
	for i, f := range fields {
		if c.isOpen(f) {
			if m.open >= 0 { // the same addresses twice: their conjunction is not kept
				m.unread = true
				continue
			}
			m.open = i
		}
	}
	list, s := elements(t, set, own)
	if s != nil {
		m.unread = m.unread || s.Unread != ""
		m.changing = s.Dynamic
		m.filled = c.filled[setKey{t, s.Name}]
	}
	if len(fields) == 0 {
		m.unread = true
	}
	m.alien = len(list) > 0
	for _, e := range list {
		r := row{opaque: e.Opaque || len(e.Values) != len(fields), data: e.Data}
		if e.Verdict != nil {
			r.verdict = c.target(t, *e.Verdict)
		}
		other := false
		if !r.opaque {
			for i, v := range e.Values {
				cond := c.condition(fields[i], v, i == m.open, mask)
				other = other || cond.alien
				r.values = append(r.values, cond)
			}
		}
		m.alien = m.alien && other
		if !other {
			m.rows = append(m.rows, r)
		}
	}
	c.simplify(m)
	return m
}

// condition translates a value.
func (c *compiler) condition(f netfilter.Field, v netfilter.Value, open bool, mask uint64) condition {
	switch {
	case slices.Contains(nameFields, f):
		return condition{name: v.Name, unknown: v.Name == ""}
	case slices.Contains(addressFields, f):
		if !v.From.IsValid() || !v.To.IsValid() || v.From.BitLen() != v.To.BitLen() {
			return condition{unknown: true}
		}
		if v.From.Is6() != c.v6 {
			return condition{alien: true}
		}
		cond := condition{lo: number(v.From), hi: number(v.To)}
		if mask != 0 {
			cond.unknown = true // only whole prefixes are kept, and readers write those as ranges
		}
		if open && !cond.unknown {
			cond.cells = c.cuts.part(addrSet{{cond.lo, cond.hi}})
		}
		return cond
	case v.From.IsValid() || v.Name != "":
		return condition{unknown: true}
	}
	cond := condition{lo: u128{0, v.Lo}, hi: u128{0, v.Hi}}
	if open { // a type of address
		cond.cells = c.typed(v.Lo, v.Hi)
		cond.unknown = cond.cells == nil || mask != 0
	}
	return cond
}

// simplify prepares matches of the open field alone.
func (c *compiler) simplify(m *matcher) {
	if len(m.fields) != 1 || m.unread || m.alien {
		return
	}
	if m.open == 0 {
		var runs []run
		for _, r := range m.rows {
			if r.opaque || r.values[0].unknown {
				return
			}
			runs = append(runs, c.cuts.runs(r.values[0].cells)...)
		}
		slices.SortFunc(runs, func(a, b run) int { return int(a.lo - b.lo) })
		m.sure = c.cuts.partOf(runs)
		m.not = c.cuts.complement(m.sure)
		if m.negate {
			m.sure, m.not = m.not, m.sure
		}
		m.plain = true
		return
	}
	if m.negate || m.mask != 0 || m.changing {
		return
	}
	if f := m.fields[0]; f == netfilter.DestPort || f == netfilter.Protocol {
		for _, r := range m.rows {
			if r.opaque || r.values[0].unknown {
				m.ports = nil
				return
			}
			m.ports = append(m.ports, numbers{r.values[0].lo.lo, r.values[0].hi.lo})
		}
	}
}

// runs lists the runs of a part.
func (p *partition) runs(q *part) []run {
	if q.bits != nil {
		return runsOf(q.bits)
	}
	return q.runs
}

// typed is the cells whose addresses are of a type, nil where that is not known.
func (c *compiler) typed(lo, hi uint64) *part {
	var s addrSet
	w := &c.space.wiring
	for n := lo; n <= hi; n++ {
		switch n {
		case 3:
			if !c.v6 {
				if !w.known {
					return nil
				}
				s = s.union(w.broadcasts().minus(w.locals(false)))
			}
		case 4:
			if !w.known {
				return nil
			}
			s = s.union(w.anycastTypes(c.v6))
		case 5:
			s = s.union(multicasts(c.v6))
		case 2, 1:
			if !w.known || n == 1 && !w.defaultRoute(c.v6) {
				return nil
			}
			if n == 2 {
				s = s.union(w.locals(c.v6))
				continue
			}
			rest := everything(c.v6).minus(w.locals(c.v6)).minus(multicasts(c.v6)).minus(w.anycastTypes(c.v6))
			if !c.v6 {
				rest = rest.minus(w.broadcasts())
			}
			s = s.union(rest)
		default:
			return nil
		}
	}
	return c.cuts.part(s)
}

// anycasts are the first addresses of the networks of interfaces that forward IPv6: they
// are those of every router there (RFC 4291, 2.6.1), and delivered here.
func (w *wiring) anycasts(v6 bool) addrSet {
	return w.firsts(v6, func(l link) bool { return l.forward[1] })
}

// anycastTypes are the addresses that the kernel calls anycast ones: the first of every
// network it has an address in.
func (w *wiring) anycastTypes(v6 bool) addrSet {
	return w.firsts(v6, func(link) bool { return true })
}

func (w *wiring) firsts(v6 bool, of func(link) bool) addrSet {
	var s addrSet
	for _, l := range w.interfaces {
		for _, p := range l.addresses {
			if v6 && p.Addr().Is6() && of(l) && !l.loopback && p.Bits() < 127 {
				s = s.union(setOf(netip.PrefixFrom(p.Masked().Addr(), 128)))
			}
		}
	}
	return s
}

// defaultRoute reports whether every address is routed somewhere.
func (w *wiring) defaultRoute(v6 bool) bool {
	if !w.routed {
		return false
	}
	for _, r := range w.routes {
		if r.refused {
			return false
		}
	}
	for _, r := range w.routes {
		if r.to.Bits() == 0 && r.to.Addr().Is6() == v6 && r.link != "" {
			return true
		}
	}
	return false
}

// nameMatches reports whether a name, with "*" at its end a beginning, is that of an
// interface.
func nameMatches(pattern, name string) bool {
	if beginning, wild := strings.CutSuffix(pattern, "*"); wild {
		return strings.HasPrefix(name, beginning)
	}
	return pattern == name
}

// fixed says whether a condition holds for a field of the packet; absent is that
// packets like it have no such field.
func (ev *evaluation) fixed(f netfilter.Field, cond condition, mask uint64, pk *packet) (answer truth, absent bool) {
	if cond.unknown || pk.altered {
		_, absent := ev.field(f, pk)
		return perhaps, absent && !pk.altered
	}
	switch f {
	case netfilter.InInterface:
		if nameMatches(cond.name, ev.at.in) {
			return always, false
		}
		return never, false
	case netfilter.OutInterface:
		switch {
		case pk.outUnknown:
			return perhaps, false
		case nameMatches(cond.name, ev.prog.links[pk.out]):
			return always, false
		}
		return never, false
	}
	v, absent := ev.field(f, pk)
	if absent {
		return never, true
	}
	if !v.known {
		return perhaps, false
	}
	n := v.n
	if mask != 0 {
		n = u128{0, n.lo & mask}
	}
	if cond.lo.compare(n) <= 0 && n.compare(cond.hi) <= 0 {
		return always, false
	}
	return never, false
}

// value is what a field holds.
type value struct {
	n     u128
	known bool
}

func exact(n uint64) (value, bool) { return value{u128{0, n}, true}, false }

// field returns the packet's value of a field that is not open.
func (ev *evaluation) field(f netfilter.Field, pk *packet) (v value, absent bool) {
	unknown, tracked := value{}, pk.state != netfilter.StateUntracked && !ev.early
	switch f {
	case netfilter.NFProto:
		if ev.prog.v6 {
			return exact(10)
		}
		return exact(2)
	case netfilter.Protocol:
		return exact(uint64(ev.at.protocol))
	case netfilter.SourceAddr, netfilter.DestAddr:
		return value{pk.address, !pk.addressUnknown}, false
	case netfilter.SourcePort:
		ev.sourcePort = true
		return value{u128{0, uint64(ev.at.sourcePort)}, true}, !ev.ported()
	case netfilter.DestPort:
		return value{u128{0, uint64(pk.port)}, !pk.portUnknown}, !ev.ported()
	case netfilter.State:
		if pk.state == 0 {
			return unknown, false
		}
		return exact(uint64(pk.state))
	case netfilter.Direction:
		return value{u128{}, true}, !tracked
	case netfilter.OrigSource, netfilter.OrigDest:
		return value{ev.at.address, ev.at.addressKnown}, !tracked
	case netfilter.OrigDestPort:
		return value{u128{0, uint64(ev.at.port)}, true}, !tracked || !ev.ported()
	case netfilter.TCPFlags:
		return value{u128{0, 2}, true}, ev.at.protocol != 6
	case netfilter.ICMPType:
		return unknown, ev.at.protocol != 1 && ev.at.protocol != 58
	case netfilter.Fragment:
		return exact(0)
	case netfilter.PacketType:
		return value{u128{}, !pk.addressUnknown}, false
	case netfilter.Mark:
		return value{u128{0, pk.mark}, !pk.markUnknown}, false
	case netfilter.ConnMark:
		return value{u128{0, pk.connMark}, !pk.connMarkUnknown}, !tracked
	case netfilter.SourceType, netfilter.DestType:
		return ev.typeOf(pk), false
	}
	return unknown, false
}

// ported reports whether the protocol has ports.
func (ev *evaluation) ported() bool {
	switch ev.at.protocol {
	case 6, 17, 33, 132, 136:
		return true
	}
	return false
}

// typeOf is the routing table's type of the packet's fixed address.
func (ev *evaluation) typeOf(pk *packet) value {
	if pk.addressUnknown {
		return value{}
	}
	a := address(pk.address, ev.prog.v6)
	w := &ev.space.wiring
	switch {
	case a.IsMulticast():
		return value{u128{0, 5}, true}
	case w.local(a) == always:
		return value{u128{0, 2}, true}
	case w.anycastTypes(ev.prog.v6).touches(netip.PrefixFrom(a, a.BitLen())):
		return value{u128{0, 4}, true}
	case !w.known || !w.routed:
		return value{}
	case !ev.prog.v6 && w.broadcasts().touches(netip.PrefixFrom(a, 32)):
		return value{u128{0, 3}, true}
	}
	if _, found, known := w.out(a); !found || !known {
		return value{}
	}
	return value{u128{0, 1}, true}
}

// status answers for the bits of a connection's status, whose rest is not modelled.
func (ev *evaluation) status(m *matcher, pk *packet) (truth, bool) {
	const modelled = 1 | 2 | 4 | 8 | 16 | 32
	if pk.state == netfilter.StateUntracked || ev.early {
		return never, true
	}
	if pk.altered || m.mask == 0 || m.mask&^modelled != 0 {
		return perhaps, false
	}
	n := uint64(0)
	switch pk.sentElsewhere {
	case always:
		n = 32
	case perhaps:
		if m.mask&32 != 0 {
			return perhaps, false
		}
	}
	answer := never
	for _, r := range m.rows {
		switch {
		case r.opaque || r.values[0].unknown:
			answer = max(answer, perhaps)
		case r.values[0].lo.lo <= n&m.mask && n&m.mask <= r.values[0].hi.lo:
			return always, false
		}
	}
	return answer, false
}
