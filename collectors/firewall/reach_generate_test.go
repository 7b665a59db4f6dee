package firewall

import (
	"fmt"
	"math/rand/v2"
	"net/netip"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// generator makes rulesets of everything the form has. sure leaves out whatever makes
// an answer uncertain.
type generator struct {
	*rand.Rand
	v6, sure bool
	serial   int
	table    *netfilter.Table
}

var (
	hosts4 = []string{"192.0.2.10", "198.51.100.1", "10.9.0.1"}
	hosts6 = []string{"2001:db8:2::10", "2001:db8:51::1", "fd00:9::1"}
)

func (g *generator) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

// wired is a host with two networks, and a container behind a bridge.
func (g *generator) wired() (host, container wiring) {
	a, p := hosts4, []string{"/24", "/24", "/16"}
	inside, gate := "10.9.0.2/16", "0.0.0.0/0"
	if g.v6 {
		a, p = hosts6, []string{"/64", "/64", "/64"}
		inside, gate = "fd00:9::2/64", "::/0"
	}
	on := [2]bool{true, true}
	prefix := netip.MustParsePrefix
	host = wiring{known: true, routed: true, interfaces: []link{
		{name: "lo", loopback: true, addresses: []netip.Prefix{prefix("127.0.0.1/8"), prefix("::1/128")}},
		{name: "eth0", addresses: []netip.Prefix{prefix(a[0] + p[0])}, forward: on},
		{name: "eth1", addresses: []netip.Prefix{prefix(a[1] + p[1])}, forward: on},
		{name: "docker0", addresses: []netip.Prefix{prefix(a[2] + p[2])}, forward: on},
	}}
	host.routes = []wayOut{{to: prefix(gate), link: "eth0"}}
	for _, l := range host.interfaces[1:] {
		host.routes = append(host.routes, wayOut{to: l.addresses[0].Masked(), link: l.name})
	}
	container = wiring{known: true, routed: true, interfaces: []link{
		{name: "lo", loopback: true, addresses: []netip.Prefix{prefix("127.0.0.1/8"), prefix("::1/128")}},
		{name: "eth0", addresses: []netip.Prefix{prefix(inside)}},
	}, routes: []wayOut{{to: prefix(gate), link: "eth0"}}}
	return host, container
}

func (g *generator) spaces() []*space {
	h, c := g.wired()
	host, box := &space{wiring: h}, &space{name: "box", wiring: c}
	for range 1 + g.IntN(3) {
		host.tables = append(host.tables, g.newTable())
	}
	if g.chance(3) {
		box.tables = append(box.tables, g.newTable())
	}
	return []*space{host, box}
}

func (g *generator) newTable() *netfilter.Table {
	g.serial++
	t := &netfilter.Table{Backend: netfilter.NFT, Family: netfilter.Inet, Name: fmt.Sprintf("t%d", g.serial)}
	if g.chance(3) {
		t.Family = netfilter.IPv4
		if g.v6 {
			t.Family = netfilter.IPv6
		}
	}
	g.table = t
	for i := range g.IntN(4) {
		fields := g.fields()
		s := &netfilter.Set{Name: fmt.Sprintf("s%d", i), Fields: fields, Elements: g.elements(fields, 1+g.IntN(5))}
		if !g.sure && g.chance(4) {
			s.Dynamic = true
		}
		if !g.sure && g.chance(8) {
			s.Unread = "not read"
		}
		t.Sets = append(t.Sets, s)
	}
	regular := g.IntN(4)
	hooks := []netfilter.Hook{netfilter.Input, netfilter.Input, netfilter.Input, netfilter.Prerouting, netfilter.Prerouting, netfilter.Forward, netfilter.Forward, netfilter.Postrouting, netfilter.Ingress}
	for i := range 1 + g.IntN(4) {
		c := &netfilter.Chain{Name: fmt.Sprintf("base%d", i), Type: "filter", Hook: hooks[g.IntN(len(hooks))], Policy: netfilter.Accept}
		c.Priority = []int{-300, -150, 0, 0, 10, -50}[g.IntN(6)]
		if c.Hook == netfilter.Prerouting && g.chance(2) {
			c.Type, c.Priority = "nat", []int{-100, -90, 50}[g.IntN(3)]
		}
		if c.Hook == netfilter.Ingress {
			c.Devices = []string{g.pick("eth0", "eth1")}
		}
		if g.chance(3) && c.Type != "nat" {
			c.Policy = netfilter.Drop
		}
		for range g.IntN(8) {
			c.Rules = append(c.Rules, g.rule(c, 0, regular))
		}
		t.Chains = append(t.Chains, c)
	}
	for i := range regular {
		c := &netfilter.Chain{Name: fmt.Sprintf("c%d", i), Policy: netfilter.Continue}
		for range g.IntN(6) {
			c.Rules = append(c.Rules, g.rule(c, i+1, regular))
		}
		t.Chains = append(t.Chains, c)
	}
	return t
}

// rule may jump to regular chains from the given one on.
func (g *generator) rule(c *netfilter.Chain, from, to int) *netfilter.Rule {
	g.serial++
	r := &netfilter.Rule{ID: fmt.Sprintf("r%d", g.serial), Packets: -1}
	for range g.IntN(3) {
		r.Statements = append(r.Statements, g.match())
	}
	if g.chance(6) {
		r.Statements = append(r.Statements, netfilter.Log{Group: -1, Prefix: "x"})
	}
	if g.chance(8) {
		field := netfilter.Mark
		if g.chance(3) {
			field = netfilter.ConnMark
		}
		r.Statements = append(r.Statements, netfilter.Assign{Field: field, Mask: []uint64{0xffffffff, 1, 3}[g.IntN(3)], Value: uint64(g.IntN(4))})
	}
	if g.chance(12) {
		r.Statements = append(r.Statements, netfilter.Untrack{})
	}
	if !g.sure && g.chance(6) {
		r.Statements = append(r.Statements, netfilter.Limit{Type: "limit", PerSecond: float64(1 + g.IntN(3))})
		if g.chance(2) {
			r.Statements = append(r.Statements, netfilter.Log{Group: -1})
			if g.chance(2) {
				return r
			}
		}
	}
	if !g.sure && g.chance(5) {
		r.Statements = append(r.Statements, netfilter.Opaque{Text: "-m x", Reason: "no decoder", Restricts: g.chance(2), Decides: g.chance(4), Alters: g.chance(5)})
	}
	if g.chance(4) {
		r.Statements = append(r.Statements, g.match())
	}
	if c.Type == "nat" && g.chance(2) {
		r.Statements = append(r.Statements, g.nat())
		return r
	}
	jump := func() (netfilter.Verdict, bool) {
		if from >= to {
			return netfilter.Verdict{}, false
		}
		v := netfilter.Verdict{Type: netfilter.Jump, Chain: fmt.Sprintf("c%d", from+g.IntN(to-from))}
		if g.chance(2) {
			v.Type = netfilter.Goto
		}
		return v, true
	}
	switch g.IntN(12) {
	case 0, 1, 2:
		r.Statements = append(r.Statements, netfilter.Verdict{Type: netfilter.Accept})
	case 3, 4:
		r.Statements = append(r.Statements, netfilter.Verdict{Type: netfilter.Drop})
	case 5:
		r.Statements = append(r.Statements, netfilter.Verdict{Type: netfilter.Reject})
	case 6:
		r.Statements = append(r.Statements, netfilter.Verdict{Type: netfilter.Return})
	case 7, 8, 9:
		if v, ok := jump(); ok {
			r.Statements = append(r.Statements, v)
		}
	case 10:
		fields := g.fields()
		m := netfilter.Map{Fields: fields, Elements: g.elements(fields, 1+g.IntN(4))}
		for i := range m.Elements {
			v := netfilter.Verdict{Type: []netfilter.VerdictType{netfilter.Accept, netfilter.Drop, netfilter.Return, netfilter.Continue}[g.IntN(4)]}
			if j, ok := jump(); ok && g.chance(2) {
				v = j
			}
			m.Elements[i].Verdict = &v
		}
		r.Statements = append(r.Statements, m)
	case 11:
		if !g.sure {
			r.Statements = append(r.Statements, netfilter.Verdict{Type: netfilter.Queue})
		}
	}
	return r
}

func (g *generator) fields() []netfilter.Field {
	list := [][]netfilter.Field{
		{netfilter.SourceAddr}, {netfilter.SourceAddr}, {netfilter.DestPort}, {netfilter.DestAddr}, {netfilter.InInterface},
		{netfilter.SourceAddr, netfilter.DestPort}, {netfilter.Protocol, netfilter.DestPort}, {netfilter.InInterface, netfilter.SourceAddr},
		{netfilter.DestAddr, netfilter.SourceAddr},
	}
	return list[g.IntN(len(list))]
}

func (g *generator) match() netfilter.Match {
	if len(g.table.Sets) > 0 && g.chance(4) {
		s := g.table.Sets[g.IntN(len(g.table.Sets))]
		return netfilter.Match{Fields: s.Fields, Set: s.Name, Negate: g.chance(3)}
	}
	field := []netfilter.Field{
		netfilter.SourceAddr, netfilter.SourceAddr, netfilter.SourceAddr, netfilter.DestPort, netfilter.DestPort, netfilter.DestPort, netfilter.DestAddr, netfilter.Protocol,
		netfilter.InInterface, netfilter.InInterface, netfilter.OutInterface, netfilter.State, netfilter.Status, netfilter.Mark, netfilter.ConnMark, netfilter.OrigDest, netfilter.OrigDestPort,
		netfilter.OrigSource, netfilter.TCPFlags, netfilter.SourceType, netfilter.DestType, netfilter.SourcePort, netfilter.NFProto, netfilter.Fragment,
	}[g.IntN(24)]
	m := netfilter.Match{Fields: []netfilter.Field{field}, Negate: g.chance(4)}
	m.Elements = g.elements(m.Fields, 1+g.IntN(3))
	switch field {
	case netfilter.Status:
		m.Mask, m.Elements = 32, []netfilter.Element{{Values: []netfilter.Value{{Lo: 32, Hi: 32}}}}
	case netfilter.Mark, netfilter.ConnMark:
		if g.chance(2) {
			m.Mask = uint64(1 + g.IntN(3))
		}
	}
	return m
}

func (g *generator) elements(fields []netfilter.Field, n int) []netfilter.Element {
	var list []netfilter.Element
	for range n {
		var e netfilter.Element
		for _, f := range fields {
			e.Values = append(e.Values, g.value(f))
		}
		e.Opaque = !g.sure && g.chance(40)
		list = append(list, e)
	}
	return list
}

// address is one near the host's, or anywhere.
func (g *generator) address() netip.Addr {
	list := hosts4
	if g.v6 {
		list = hosts6
	}
	switch g.IntN(6) {
	case 0:
		return netip.MustParseAddr(g.pick(list...))
	case 1, 2:
		b := netip.MustParseAddr(g.pick(list...)).AsSlice()
		b[len(b)-1] = byte(g.Uint32())
		a, _ := netip.AddrFromSlice(b)
		return a
	case 3:
		if g.v6 {
			return netip.MustParseAddr("fd00:9::2")
		}
		return netip.MustParseAddr("10.9.0.2")
	}
	b := make([]byte, 4)
	if g.v6 {
		b = make([]byte, 16)
		b[0], b[1], b[15] = 0x20, byte(g.IntN(4)), byte(g.IntN(256))
	} else {
		b[0], b[1], b[2], b[3] = byte(1+g.IntN(222)), byte(g.IntN(4)), byte(g.IntN(256)), byte(g.IntN(256))
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

var ports = []uint64{1, 22, 53, 80, 443, 1024, 5432, 8080, 65535}

func (g *generator) value(f netfilter.Field) netfilter.Value {
	number := func(list ...uint64) netfilter.Value {
		n := list[g.IntN(len(list))]
		return netfilter.Value{Lo: n, Hi: n}
	}
	switch f {
	case netfilter.SourceAddr, netfilter.DestAddr, netfilter.OrigDest, netfilter.OrigSource:
		a := g.address()
		switch g.IntN(4) {
		case 0:
			b := g.address()
			if b.Less(a) {
				a, b = b, a
			}
			return netfilter.Value{From: a, To: b}
		case 1:
			return netfilter.Value{From: a, To: a}
		}
		s := spanOf(netip.PrefixFrom(a, a.BitLen()-g.IntN(a.BitLen())).Masked())
		return netfilter.Value{From: address(s.lo, g.v6), To: address(s.hi, g.v6)}
	case netfilter.DestPort, netfilter.SourcePort, netfilter.OrigDestPort:
		lo := ports[g.IntN(len(ports))]
		hi := ports[g.IntN(len(ports))]
		if lo > hi || g.chance(2) {
			hi = lo
		}
		return netfilter.Value{Lo: lo, Hi: hi}
	case netfilter.Protocol:
		return number(6, 6, 17, 1)
	case netfilter.InInterface, netfilter.OutInterface:
		return netfilter.Value{Name: g.pick("eth0", "eth1", "eth*", "docker0", "lo", "tun0", "*")}
	case netfilter.State:
		return number(1, 2, 4, 8, 8, 64)
	case netfilter.SourceType, netfilter.DestType:
		return number(1, 2, 3, 4, 5)
	case netfilter.NFProto:
		return number(2, 10)
	case netfilter.TCPFlags:
		return number(2, 16)
	}
	return number(0, 1, 2, 3)
}

func (g *generator) target() netfilter.Target {
	var t netfilter.Target
	if g.chance(2) {
		t.PortLo = uint16(ports[g.IntN(len(ports))])
		t.PortHi = t.PortLo
	}
	t.From = g.address()
	if g.chance(2) {
		t.From = netip.MustParseAddr("10.9.0.2")
		if g.v6 {
			t.From = netip.MustParseAddr("fd00:9::2")
		}
	}
	t.To = t.From
	return t
}

func (g *generator) nat() netfilter.NAT {
	switch g.IntN(4) {
	case 0:
		n := netfilter.NAT{Type: "redirect"}
		if g.chance(2) {
			p := uint16(ports[g.IntN(len(ports))])
			n.To = []netfilter.Target{{PortLo: p, PortHi: p}}
		}
		return n
	case 1:
		fields := g.fields()
		n := netfilter.NAT{Type: "dnat", Fields: fields, Elements: g.elements(fields, 1+g.IntN(3))}
		for i := range n.Elements {
			t := g.target()
			n.Elements[i].Data = []netfilter.Value{{From: t.From, To: t.To}}
			if t.PortLo != 0 {
				n.Elements[i].Data = append(n.Elements[i].Data, netfilter.Value{Lo: uint64(t.PortLo), Hi: uint64(t.PortHi)})
			}
		}
		return n
	}
	n := netfilter.NAT{Type: "dnat", To: []netfilter.Target{g.target()}}
	if !g.sure && g.chance(3) {
		n.To = append(n.To, g.target())
		if g.chance(2) && n.To[0].To.Next().IsValid() {
			n.To[0].To = n.To[0].To.Next()
		}
	}
	return n
}
