package firewall

import (
	"hash/maphash"
	"net/netip"
	"slices"
	"sort"
	"strings"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// The interpreter takes one packet through the rules as the manual pages say, in the
// plainest way. It shares nothing with the evaluator but the form of the rules. What
// the form does not say (a limit, something opaque, a member that comes and goes) it
// decides by a throw of dice that is the same for the same packet and statement.

// shot is one packet.
type shot struct {
	in           string
	protocol     uint64
	saddr, daddr netip.Addr
	sport, dport uint64
}

// fate is what became of it.
type fate struct {
	delivered bool
	space     string // "" is the host, "out" another machine
	daddr     netip.Addr
	dport     uint64
	logged    bool
}

type interpreter struct {
	spaces   []*space
	dice     uint64
	seed     maphash.Seed
	moving   bool // members come and go
	reversed bool

	space    *space
	p        shot
	orig     shot
	mark     uint64
	connmark uint64
	out      string
	phase    string // "early", "tracked", "untracked"
	natted   bool
	logged   bool
	backend  netfilter.Backend
	table    *netfilter.Table
}

func (x *interpreter) toss(key string) uint64 {
	var h maphash.Hash
	h.SetSeed(x.seed)
	h.WriteString(key)
	for i := range 8 {
		h.WriteByte(byte(x.dice >> (8 * i)))
	}
	return h.Sum64()
}

func (x *interpreter) shoot(s shot) fate {
	x.p, x.orig, x.space = s, s, x.spaces[0]
	x.logged, x.mark, x.connmark, x.natted = false, 0, 0, false
	for range 5 {
		x.phase, x.out = "early", ""
		if !x.hook(netfilter.Ingress) || !x.hook(netfilter.Prerouting) {
			return fate{logged: x.logged}
		}
		if x.phase == "early" {
			x.phase = "tracked"
		}
		here, forward := x.local()
		if here {
			if !x.hook(netfilter.Input) {
				return fate{logged: x.logged}
			}
			return fate{true, x.space.name, x.p.daddr, x.p.dport, x.logged}
		}
		if !forward || !x.hook(netfilter.Forward) || !x.hook(netfilter.Postrouting) {
			return fate{logged: x.logged}
		}
		next := x.next()
		if next == nil {
			return fate{true, "out", x.p.daddr, x.p.dport, x.logged}
		}
		x.space, x.orig, x.mark, x.connmark, x.natted = next, x.p, 0, 0, false
		x.orig.in = x.p.in
	}
	return fate{logged: x.logged}
}

func (x *interpreter) local() (here, forward bool) {
	w := &x.space.wiring
	if x.p.daddr.IsLoopback() {
		return x.p.in == "lo" || w.localNets && x.p.daddr.Is4(), false
	}
	if x.p.daddr.IsMulticast() {
		return true, false
	}
	for _, l := range w.interfaces {
		for _, p := range l.addresses {
			if p.Addr() == x.p.daddr || routers(l, p, x.p.daddr) {
				return true, false
			}
			if p.Addr().Is4() && x.p.daddr.Is4() && p.Bits() < 31 && lastOf(p) == x.p.daddr {
				return true, false
			}
		}
	}
	if x.p.daddr == netip.MustParseAddr("255.255.255.255") || x.p.daddr == netip.MustParseAddr("0.0.0.0") {
		return true, false
	}
	best := -1
	for _, l := range w.interfaces {
		if l.name == x.p.in && !l.forward[map[bool]int{false: 0, true: 1}[x.p.daddr.Is6()]] {
			return false, false
		}
	}
	refused := false
	for _, r := range w.routes {
		if r.to.Contains(x.p.daddr) && r.to.Bits() > best {
			best, x.out, refused = r.to.Bits(), r.link, r.refused
		}
	}
	return false, best >= 0 && !refused
}

// routers reports whether an address is every router's of a network that the host is one
// of.
func routers(l link, p netip.Prefix, a netip.Addr) bool {
	return p.Addr().Is6() && !l.loopback && l.forward[1] && p.Bits() < 127 && p.Masked().Addr() == a
}

func lastOf(p netip.Prefix) netip.Addr {
	b := p.Masked().Addr().AsSlice()
	for i := p.Bits(); i < len(b)*8; i++ {
		b[i/8] |= 0x80 >> (i % 8)
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

func (x *interpreter) next() *space {
	for _, s := range x.spaces {
		if s == x.space {
			continue
		}
		for _, l := range s.wiring.interfaces {
			for _, p := range l.addresses {
				if p.Addr() == x.p.daddr && !l.loopback {
					x.p.in = l.name
					return s
				}
			}
		}
	}
	return nil
}

type baseChain struct {
	table *netfilter.Table
	chain *netfilter.Chain
	place int
}

// hook asks all base chains; false is that one refused.
func (x *interpreter) hook(h netfilter.Hook) bool {
	var list []baseChain
	for _, t := range x.space.tables {
		if t.Dormant || t.Family == netfilter.IPv4 && x.p.saddr.Is6() || t.Family == netfilter.IPv6 && x.p.saddr.Is4() {
			continue
		}
		for _, c := range t.Chains {
			if c.Hook != h {
				continue
			}
			place := c.Priority
			if c.Type == "nat" {
				place = map[netfilter.Hook]int{netfilter.Prerouting: -100, netfilter.Input: 100, netfilter.Postrouting: 100}[h]
			}
			list = append(list, baseChain{t, c, place})
		}
	}
	if x.reversed {
		slices.Reverse(list)
	}
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		an, bn := a.chain.Type == "nat", b.chain.Type == "nat"
		switch {
		case a.place != b.place:
			return a.place < b.place
		case an && bn:
			return a.chain.Priority < b.chain.Priority
		case an != bn && x.reversed:
			return an
		}
		return false
	})
	for _, b := range list {
		if h == netfilter.Ingress && !slices.ContainsFunc(b.chain.Devices, func(d string) bool { return d == x.p.in }) {
			continue
		}
		if h != netfilter.Ingress && (h != netfilter.Prerouting || b.place >= -200) && x.phase == "early" {
			x.phase = "tracked"
		}
		if b.chain.Type == "nat" && (h == netfilter.Postrouting || x.phase == "untracked" || h == netfilter.Prerouting && x.natted) {
			continue
		}
		x.table, x.backend = b.table, b.table.Backend
		switch x.chain(b.chain, 0) {
		case "drop":
			return false
		case "accept":
			continue
		}
		if b.chain.Policy != netfilter.Accept {
			return false
		}
	}
	return true
}

// chain returns "accept", "drop" or "" for return.
func (x *interpreter) chain(c *netfilter.Chain, depth int) string {
	for _, r := range c.Rules {
		v, ended := x.rule(r, depth)
		switch {
		case v == "return":
			return ""
		case v != "":
			return v
		case ended:
			continue
		}
	}
	return ""
}

func (x *interpreter) rule(r *netfilter.Rule, depth int) (string, bool) {
	for i, s := range r.Statements {
		key := r.ID + "#" + string(rune('a'+i))
		switch s := s.(type) {
		case netfilter.Match:
			if !x.match(s, key) {
				return "", true
			}
		case netfilter.Map:
			var v *netfilter.Verdict
			for _, e := range x.members(s.Set, s.Elements) {
				if x.element(s.Fields, e, 0, key) {
					v = e.Verdict
					break
				}
			}
			switch {
			case v == nil:
				return "", true // no element: the next rule
			case v.Type == netfilter.Continue:
			default:
				return x.verdict(v, depth, key)
			}
		case netfilter.Verdict:
			if s.Type == netfilter.Continue {
				continue
			}
			return x.verdict(&s, depth, key)
		case netfilter.Log:
			x.logged = true
		case netfilter.Limit:
			if x.toss(key)%2 == 0 {
				return "", true
			}
		case netfilter.NAT:
			return x.nat(s, key)
		case netfilter.Assign:
			n := &x.mark
			if s.Field == netfilter.ConnMark {
				n = &x.connmark
			}
			*n = (*n&^s.Mask ^ s.Value) & 0xffffffff
			if s.Unknown {
				*n = x.toss(key) % 4
			}
		case netfilter.Untrack:
			if x.phase == "early" {
				x.phase = "untracked"
			}
		case netfilter.Opaque:
			t := x.toss(key)
			if s.Alters && t&1 == 0 {
				switch t >> 1 % 4 {
				case 0:
					x.mark = t >> 8 % 4
				case 1:
					x.p.dport = x.p.dport ^ 1
				case 2:
					x.p.saddr = x.p.saddr.Next()
				case 3:
					if x.p.daddr.Next().IsValid() {
						x.p.daddr = x.p.daddr.Next()
					}
				}
			}
			if s.Decides {
				switch t >> 16 % 5 {
				case 0:
					return "accept", true
				case 1:
					return "drop", true
				case 2:
					return "return", true
				case 3:
					return "", true
				}
			}
			if s.Restricts && t>>24%2 == 0 {
				return "", true
			}
		}
	}
	return "", true
}

func (x *interpreter) verdict(v *netfilter.Verdict, depth int, key string) (string, bool) {
	if v == nil {
		return []string{"accept", "drop", "return", ""}[x.toss(key)%4], true
	}
	switch v.Type {
	case netfilter.Accept:
		return "accept", true
	case netfilter.Drop, netfilter.Reject:
		return "drop", true
	case netfilter.Return:
		return "return", true
	case netfilter.Jump, netfilter.Goto:
		for _, c := range x.table.Chains {
			if c.Name == v.Chain {
				if end := x.chain(c, depth+1); end != "" {
					return end, true
				}
				if v.Type == netfilter.Goto {
					return "return", true
				}
				return "", true
			}
		}
		return []string{"accept", "drop", "return", ""}[x.toss(key)%4], true
	case netfilter.Queue, netfilter.Stolen:
		return []string{"accept", "drop"}[x.toss(key)%2], true
	}
	return "", true
}

func (x *interpreter) members(set string, own []netfilter.Element) []netfilter.Element {
	if set == "" {
		return own
	}
	for _, s := range x.table.Sets {
		if s.Name == set {
			return s.Elements
		}
	}
	return nil
}

func (x *interpreter) match(m netfilter.Match, key string) bool {
	elements, unsure := m.Elements, false
	if m.Set != "" {
		for _, s := range x.table.Sets {
			if s.Name == m.Set {
				elements = s.Elements
				unsure = s.Unread != "" || s.Dynamic && x.moving
			}
		}
	}
	alien := len(elements) > 0
	for i, f := range m.Fields {
		if !x.has(f) {
			return false
		}
		_ = i
	}
	for _, e := range elements {
		mine := false
		for _, v := range e.Values {
			if v.From.IsValid() && v.From.Is6() != x.p.saddr.Is6() {
				mine = true
			}
		}
		alien = alien && mine
	}
	if alien {
		return false
	}
	holds := false
	for _, e := range elements {
		if x.element(m.Fields, e, m.Mask, key) {
			holds = true
			break
		}
	}
	if unsure && x.toss(key+m.Set)%2 == 0 {
		holds = !holds
	}
	return holds != m.Negate
}

func (x *interpreter) has(f netfilter.Field) bool {
	switch f {
	case netfilter.TCPFlags:
		return x.p.protocol == 6
	case netfilter.ICMPType:
		return false
	case netfilter.Status, netfilter.Direction, netfilter.OrigSource, netfilter.OrigDest, netfilter.OrigDestPort, netfilter.ConnMark:
		return x.phase == "tracked"
	}
	return true
}

func (x *interpreter) element(fields []netfilter.Field, e netfilter.Element, mask uint64, key string) bool {
	if e.Opaque || len(e.Values) != len(fields) {
		return x.toss(key+"?")%2 == 0
	}
	for i, f := range fields {
		if !x.value(f, e.Values[i], mask) {
			return false
		}
	}
	return true
}

func (x *interpreter) value(f netfilter.Field, v netfilter.Value, mask uint64) bool {
	within := func(a netip.Addr) bool {
		return v.From.IsValid() && v.From.BitLen() == a.BitLen() && v.From.Compare(a) <= 0 && a.Compare(v.To) <= 0
	}
	number := func(n uint64) bool {
		if mask != 0 {
			n &= mask
		}
		return v.Lo <= n && n <= v.Hi
	}
	name := func(s string) bool {
		if strings.HasSuffix(v.Name, "*") {
			return strings.HasPrefix(s, strings.TrimSuffix(v.Name, "*"))
		}
		return s == v.Name
	}
	kind := func(a netip.Addr) uint64 {
		if a.IsMulticast() {
			return 5
		}
		if a.IsLoopback() {
			return 2
		}
		for _, l := range x.space.wiring.interfaces {
			for _, p := range l.addresses {
				if p.Addr() == a {
					return 2
				}
				if p.Addr().Is6() && !l.loopback && p.Bits() < 127 && p.Masked().Addr() == a {
					return 4
				}
				if p.Addr().Is4() && a.Is4() && p.Bits() < 31 && lastOf(p) == a {
					return 3
				}
			}
		}
		if a == netip.MustParseAddr("255.255.255.255") || a == netip.MustParseAddr("0.0.0.0") {
			return 3
		}
		return 1
	}
	switch f {
	case netfilter.NFProto:
		if x.p.saddr.Is6() {
			return number(10)
		}
		return number(2)
	case netfilter.Protocol:
		return number(x.p.protocol)
	case netfilter.SourceAddr:
		return within(x.p.saddr)
	case netfilter.DestAddr:
		return within(x.p.daddr)
	case netfilter.OrigSource:
		return within(x.orig.saddr)
	case netfilter.OrigDest:
		return within(x.orig.daddr)
	case netfilter.OrigDestPort:
		return number(x.orig.dport)
	case netfilter.SourcePort:
		return number(x.p.sport)
	case netfilter.DestPort:
		return number(x.p.dport)
	case netfilter.InInterface:
		return name(x.p.in)
	case netfilter.OutInterface:
		return name(x.out)
	case netfilter.State:
		return number(map[string]uint64{"early": 1, "tracked": 8, "untracked": 64}[x.phase])
	case netfilter.Status:
		if x.natted && (x.p.daddr != x.orig.daddr || x.p.dport != x.orig.dport) {
			return number(32)
		}
		return number(0)
	case netfilter.TCPFlags:
		return number(2)
	case netfilter.Mark:
		return number(x.mark)
	case netfilter.ConnMark:
		return number(x.connmark)
	case netfilter.SourceType:
		return number(kind(x.p.saddr))
	case netfilter.DestType:
		return number(kind(x.p.daddr))
	}
	return number(0)
}

func (x *interpreter) nat(n netfilter.NAT, key string) (string, bool) {
	to := n.To
	if len(n.Fields) > 0 {
		to = nil
		for _, e := range x.members(n.Set, n.Elements) {
			if x.element(n.Fields, e, 0, key) {
				var t netfilter.Target
				for _, v := range e.Data {
					if v.From.IsValid() {
						t.From, t.To = v.From, v.To
					} else {
						t.PortLo, t.PortHi = uint16(v.Lo), uint16(v.Hi)
					}
				}
				to = []netfilter.Target{t}
				break
			}
		}
		if to == nil {
			return "", true
		}
	}
	x.natted = true
	if len(to) == 0 {
		to = []netfilter.Target{{}}
	}
	t := to[x.toss(key)%uint64(len(to))]
	switch n.Type {
	case "dnat":
		if t.From.IsValid() {
			x.p.daddr = t.From
			for i := x.toss(key+"a") % 16; i > 0 && x.p.daddr != t.To; i-- {
				x.p.daddr = x.p.daddr.Next()
			}
		}
	case "redirect":
		for _, l := range x.space.wiring.interfaces {
			if l.name == x.p.in {
				for _, p := range l.addresses {
					if p.Addr().Is6() == x.p.saddr.Is6() {
						x.p.daddr = p.Addr()
						break
					}
				}
			}
		}
	}
	if t.PortLo != 0 {
		x.p.dport = uint64(t.PortLo) + x.toss(key+"p")%uint64(t.PortHi-t.PortLo+1)
	}
	return "accept", true
}
