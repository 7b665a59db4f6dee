//go:build linux

package kerneltest

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
)

// Styles of rulesets that [Generate] makes.
const (
	StyleNFT    = "nft"
	StyleSave   = "iptables-nft"
	StyleLegacy = "iptables-legacy"
	StyleMixed  = "mixed"
)

// Style is the style of a seed's ruleset, and whether it keeps to what can be told
// beforehand of every packet: no rates, no sets that packets change, and no match that
// asks for more than addresses, ports, interfaces, states and marks.
func Style(seed uint64) (style string, sure bool) {
	return []string{StyleNFT, StyleSave, StyleLegacy, StyleMixed}[seed%4], seed/4%4 != 3
}

// Generate makes the ruleset of a seed, a rule or a set on each line. Addresses and
// ports lie close together, so that rules meet. Programs may refuse it.
func Generate(seed uint64) Ruleset {
	style, sure := Style(seed)
	g := &maker{Rand: rand.New(rand.NewPCG(seed, 5)), sure: sure}
	r := Ruleset{}
	save := func(v int, legacy bool) string { return (&saver{maker: g, v: v, legacy: legacy}).text() }
	switch style {
	case StyleNFT:
		r[NFT] = g.native()
	case StyleSave:
		r[IPTablesNFT], r[IP6TablesNFT] = save(4, false), save(6, false)
	case StyleLegacy:
		r[IPTablesLegacy], r[IP6TablesLegacy] = save(4, true), save(6, true)
	default:
		r[NFT] = g.native()
		if g.chance(2) {
			r[IPTablesNFT] = save(4, false)
		}
		if g.chance(2) {
			r[IP6TablesNFT] = save(6, false)
		}
		if g.chance(2) {
			r[IPTablesLegacy] = save(4, true)
		}
		if g.chance(2) {
			r[IP6TablesLegacy] = save(6, true)
		}
	}
	for i, part := range []string{IPTablesNFT, IP6TablesNFT} {
		if r[NFT] != "" && r[part] != "" && seed%32 == 3 { // into a table of iptables
			r[NFT] += "add rule " + []string{"ip", "ip6"}[i] + " filter INPUT tcp dport 22 ct state new log group 1 accept\n"
		}
	}
	if g.sets4+g.sets6 > 0 {
		r[IPSet] = g.ipsets.String()
	}
	if g.chance(4) {
		g.box = true
		r[Container] = g.native()
	}
	return r
}

// maker draws the parts of rules.
type maker struct {
	*rand.Rand
	sure, box    bool
	serial       int
	ipsets       strings.Builder
	sets4, sets6 int
}

func (g *maker) pick(list ...string) string { return list[g.IntN(len(list))] }

func (g *maker) chance(n int) bool { return g.IntN(n) == 0 }

func (g *maker) port() int {
	p := []int{1, 22, 53, 80, 443, 1024, 5432, 8080, 65535}[g.IntN(9)]
	if g.chance(5) {
		p = max(1, min(65535, p+g.IntN(3)-1))
	}
	return p
}

// ports are two in order.
func (g *maker) ports() (int, int) {
	a, b := g.port(), g.port()
	return min(a, b), max(a, b)
}

// address is one near the host's, or anywhere.
func (g *maker) address(v int) netip.Addr {
	link := Links()[g.IntN(len(Links()))]
	base := link.Addresses[0].Addr()
	if v == 6 {
		base = link.Addresses[1].Addr()
	}
	b := base.AsSlice()
	switch g.IntN(6) {
	case 0:
		return base
	case 1, 2:
		b[len(b)-1] = byte(1 + g.IntN(250))
	case 3:
		return Box[min(v-4, 1)].Addr()
	case 4:
		if v == 6 {
			b = append([]byte{0x20, 1, 0x0d, 0xb8, 0, byte(g.IntN(3)), 0, 0}, make([]byte, 8)...)
			b[15] = byte(g.IntN(256))
		} else {
			b = []byte{203, 0, byte(112 + g.IntN(3)), byte(g.IntN(256))}
		}
	default:
		if v == 6 {
			b = append([]byte{0x20, byte(g.IntN(4)), byte(g.IntN(256)), byte(g.IntN(256))}, make([]byte, 12)...)
			b[15] = byte(g.IntN(256))
		} else {
			b = []byte{byte(1 + g.IntN(222)), byte(g.IntN(4)), byte(g.IntN(256)), byte(g.IntN(256))}
			if b[0] == 127 {
				b[0] = 126
			}
		}
	}
	a, _ := netip.AddrFromSlice(b)
	return a
}

func (g *maker) prefix(v int) string {
	a := g.address(v)
	return netip.PrefixFrom(a, 1+g.IntN(a.BitLen())).Masked().String()
}

// span is two addresses in order.
func (g *maker) span(v int) (netip.Addr, netip.Addr) {
	a, b := g.address(v), g.address(v)
	if g.chance(2) { // near each other
		c := a.AsSlice()
		c[len(c)-1] = byte(g.IntN(256))
		b, _ = netip.AddrFromSlice(c)
	}
	if b.Less(a) {
		a, b = b, a
	}
	return a, b
}

// disjoint are ranges of addresses that do not meet, as nft writes them.
func (g *maker) disjoint(v, n int) []string {
	var ends []netip.Addr
	for range 2 * n {
		ends = append(ends, g.address(v))
	}
	slices.SortFunc(ends, netip.Addr.Compare)
	ends = slices.Compact(ends)
	var list []string
	for i := 0; i+1 < len(ends); i += 2 {
		if g.chance(3) {
			list = append(list, ends[i].String())
			continue
		}
		list = append(list, fmt.Sprintf("%s-%s", ends[i], ends[i+1]))
	}
	if len(list) == 0 {
		list = []string{ends[0].String()}
	}
	return list
}

// disjointPorts are ranges of ports that do not meet.
func (g *maker) disjointPorts(n int) []string {
	var ends []int
	for range 2 * n {
		ends = append(ends, g.port())
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	var list []string
	for i := 0; i < len(ends); i += 2 {
		if i+1 < len(ends) && g.chance(2) {
			list = append(list, fmt.Sprintf("%d-%d", ends[i], ends[i+1]))
			continue
		}
		list = append(list, fmt.Sprint(ends[i]))
	}
	return list
}

// repeat joins n texts.
func repeat(n int, sep string, f func() string) string {
	var list []string
	for range n {
		list = append(list, f())
	}
	return strings.Join(list, sep)
}
