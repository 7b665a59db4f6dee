package firewall

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"testing"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// filtered is a host with n rules in its input chain: a third for ports of their own,
// a third for sources of their own, a third for both.
func filtered(n, elements int) []*space {
	r := rand.New(rand.NewPCG(5, 6))
	g := &generator{Rand: r, sure: true}
	h, _ := g.wired()
	number := func(f netfilter.Field, n uint64) netfilter.Statement {
		return netfilter.Match{Fields: []netfilter.Field{f}, Elements: []netfilter.Element{{Values: []netfilter.Value{{Lo: n, Hi: n}}}}}
	}
	block := func() netfilter.Value {
		s := spanOf(netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(1 + r.IntN(220)), byte(r.IntN(256)), byte(r.IntN(256)), byte(r.IntN(256))}), 16+r.IntN(17)))
		return netfilter.Value{From: address(s.lo, false), To: address(s.hi, false)}
	}
	input := &netfilter.Chain{Name: "input", Type: "filter", Hook: netfilter.Input, Policy: netfilter.Drop}
	t := &netfilter.Table{Backend: netfilter.NFT, Family: netfilter.Inet, Name: "filter", Chains: []*netfilter.Chain{input}}
	if elements > 0 {
		s := &netfilter.Set{Name: "blocked", Fields: []netfilter.Field{netfilter.SourceAddr}}
		for range elements {
			s.Elements = append(s.Elements, netfilter.Element{Values: []netfilter.Value{block()}})
		}
		t.Sets = append(t.Sets, s)
		input.Rules = append(input.Rules, &netfilter.Rule{ID: "set", Statements: []netfilter.Statement{
			netfilter.Match{Fields: s.Fields, Set: s.Name}, netfilter.Verdict{Type: netfilter.Drop},
		}})
	}
	for i := range n {
		rule := &netfilter.Rule{ID: fmt.Sprintf("r%d", i)}
		if i%3 != 0 {
			rule.Statements = append(rule.Statements, netfilter.Match{Fields: []netfilter.Field{netfilter.SourceAddr}, Elements: []netfilter.Element{{Values: []netfilter.Value{block()}}}})
		}
		if i%3 != 1 {
			rule.Statements = append(rule.Statements, number(netfilter.Protocol, 6), number(netfilter.DestPort, uint64(1+i)))
		}
		v := netfilter.Accept
		if r.IntN(3) == 0 {
			v = netfilter.Drop
		}
		rule.Statements = append(rule.Statements, netfilter.Verdict{Type: v})
		input.Rules = append(input.Rules, rule)
	}
	return []*space{{wiring: h, tables: []*netfilter.Table{t}}}
}

// BenchmarkListeners asks for 1,000 listeners on ports of their own.
func BenchmarkListeners(b *testing.B) {
	for _, c := range []struct{ rules, elements int }{{1000, 0}, {5000, 0}, {1000, 20000}} {
		b.Run(fmt.Sprintf("rules=%d/elements=%d", c.rules, c.elements), func(b *testing.B) {
			spaces := filtered(c.rules, c.elements)
			b.ReportAllocs()
			for b.Loop() {
				p := compile(spaces, false, false, nil)
				for i := range 1000 {
					p.listen(ear{protocol: 6, address: netip.IPv4Unspecified(), port: uint16(1 + i)})
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys)/1e6, "MB-sys")
		})
	}
}

// BenchmarkReading goes through the rules for each listener and only compares their
// fixed fields: what no evaluation can do without.
func BenchmarkReading(b *testing.B) {
	for _, n := range []int{1000, 5000} {
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) {
			p := compile(filtered(n, 0), false, false, nil)
			chain := p.spaces[0].hooks[netfilter.Input][0]
			ev := &evaluation{prog: p, at: entryPoint{protocol: 6}, space: p.spaces[0]}
			for b.Loop() {
				met := 0
				for port := range 1000 {
					pk := packet{port: uint16(1 + port)}
					for i := range chain.code {
						if ev.mayMeet(&chain.code[i], &pk) {
							met++
						}
					}
				}
				if met == 0 {
					b.Fatal("no rule was met")
				}
			}
		})
	}
}
