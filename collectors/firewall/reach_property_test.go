package firewall

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// answered is what each listener's answer is for addresses at the borders of others'.
func answered(t *testing.T, a *txtar.Archive, o netfilter.Options, at [2]addrSet) map[string]answer {
	f := readFacts(hostCase(t, a, o))
	m := f.machines["host/db1"]
	m.read()
	out := map[string]answer{}
	for _, p := range m.listeners {
		h := f.ofListener(m, p)
		for i, r := range h.reached {
			if r == nil || r.reason != "" {
				continue
			}
			for _, s := range at[i] {
				cell := m.programs[i].cuts.cell(s.lo)
				out[fmt.Sprintf("%s from %s", p.item.ID(), address(s.lo, i == 1))] = r.answers[cell]
			}
		}
	}
	return out
}

// Without any one decoder an answer may become unknown, and nothing else: so no
// control that failed passes.
func TestWithoutADecoderNothingIsMoreCertain(t *testing.T) {
	files, err := filepath.Glob("testdata/reach/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var at [2]addrSet
		f := readFacts(hostCase(t, a, netfilter.Options{}))
		m := f.machines["host/db1"]
		m.read()
		for i, p := range m.programs {
			for _, n := range p.cuts.starts {
				at[i] = append(at[i], span{n, n})
			}
		}
		whole := answered(t, a, netfilter.Options{}, at)
		changed := 0
		for _, name := range netfilter.Decoders() {
			less := answered(t, a, netfilter.Options{Disabled: map[string]bool{name: true}}, at)
			for key, before := range whole {
				after, ok := less[key]
				switch {
				case !ok:
					t.Fatalf("%s: %s: no answer without %s", file, key, name)
				case after.verdict == before.verdict:
				case after.verdict == unknown:
					changed++
				default:
					t.Errorf("%s: %s: verdict %d, without %s %d", file, key, before.verdict, name, after.verdict)
				}
				if before.recording == recording(notLogged) && (after.recording == recording(recorded) || after.recording == recording(sampled)) {
					t.Errorf("%s: %s: not recorded, without %s recorded", file, key, name)
				}
			}
		}
		if changed == 0 {
			t.Errorf("%s: no decoder makes a difference", file)
		}
	}
}

// The same for random rulesets: where any match is made opaque an answer is the same,
// or not certain.
func TestOpaqueMatchesOnlyTakeCertainty(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 11))
		g := &generator{Rand: r, v6: seed%3 == 2, sure: true}
		spaces := g.spaces()
		n := 0
		for _, s := range spaces {
			for _, t := range s.tables {
				for _, c := range t.Chains {
					for _, k := range c.Rules {
						for _, st := range k.Statements {
							if _, ok := st.(netfilter.Match); ok {
								n++
							}
						}
					}
				}
			}
		}
		if n == 0 {
			continue
		}
		hidden, i := r.IntN(n), 0
		less := eachRule(func(_ *netfilter.Chain, k *netfilter.Rule) {
			for j, st := range k.Statements {
				if _, ok := st.(netfilter.Match); ok {
					if i == hidden {
						k.Statements[j] = netfilter.Opaque{Text: netfilter.Print(st), Reason: "hidden", Restricts: true}
					}
					i++
				}
			}
		})(spaces)
		p := compile(spaces, g.v6, false, nil)
		q := compile(less, g.v6, false, nil)
		for _, e := range g.ears() {
			before, after := p.listen(e), q.listen(e)
			for cell, a := range before.answers {
				b := after.answers[q.cuts.cell(p.cuts.starts[cell])]
				if b.verdict != a.verdict && b.verdict != unknown {
					t.Fatalf("ruleset %d, %+v from %s: verdict %d, with an opaque match %d\n%s", seed, e, address(p.cuts.starts[cell], g.v6), a.verdict, b.verdict, rulesText(less))
				}
			}
		}
	}
}

// ears are listeners of the host and of the container.
func (g *generator) ears() []ear {
	any4, inside := netip.IPv4Unspecified(), netip.MustParseAddr("10.9.0.2")
	own := netip.MustParseAddr(hosts4[g.IntN(3)])
	if g.v6 {
		any4, inside, own = netip.IPv6Unspecified(), netip.MustParseAddr("fd00:9::2"), netip.MustParseAddr(hosts6[g.IntN(3)])
	}
	port := func() uint16 { return uint16(ports[g.IntN(len(ports))]) }
	return []ear{
		{protocol: 6, address: any4, port: port()},
		{protocol: 17, address: own, port: port()},
		{space: "box", protocol: 6, address: inside, port: port()},
		{space: "box", protocol: 6, address: any4, port: port()},
		{protocol: 6, address: any4, port: port(), proxied: true},
	}
}

// TestListenersAgreeWithPackets holds that whoever gets through to a listener by some
// interface, address, port and source port is not said to be refused, and that whoever
// is said to reach it does by one.
func TestListenersAgreeWithPackets(t *testing.T) {
	asked := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 13))
		g := &generator{Rand: r, v6: seed%3 == 2, sure: true}
		spaces := g.spaces()
		p := compile(spaces, g.v6, false, nil)
		for _, e := range g.ears() {
			if e.proxied {
				continue
			}
			got := p.listen(e)
			targets, _ := p.addressesOf(e)
			foreign := p.foreign()
			for range 5 {
				cell := r.IntN(p.cuts.count())
				if !foreign[cell] {
					continue
				}
				s := shot{protocol: uint64(e.protocol), saddr: address(p.cuts.starts[cell], g.v6)}
				s.in, _, _ = spaces[0].wiring.out(s.saddr)
				reached := g.tries(spaces, p, e, targets, s, &asked)
				switch v := got.answers[cell].verdict; {
				case reached && v == unreachable, !reached && v == reachable:
					t.Fatalf("ruleset %d, %+v from %s by %s: verdict %d, reached %v\n%s", seed, e, s.saddr, s.in, v, reached, rulesText(spaces))
				}
			}
		}
	}
	t.Logf("%d packets", asked)
}

// tries sends a packet to every address and port that may lead to a listener.
func (g *generator) tries(spaces []*space, p *program, e ear, targets []netip.Addr, s shot, asked *int) bool {
	addresses := append(slices.Clone(targets), spaces[0].wiring.own(g.v6)...)
	for _, d := range p.destinations { // what translations name
		addresses = append(addresses, address(d.lo, g.v6))
	}
	orders := []bool{false}
	for _, a := range addresses {
		for _, dport := range append([]int{int(e.port)}, p.ports...) {
			for _, sport := range append([]int{ordinary}, p.sourcePorts...) {
				s.daddr, s.dport, s.sport = a, uint64(dport), uint64(sport)
				for _, reversed := range orders {
					*asked++
					x := &interpreter{spaces: spaces, seed: maphashSeed, reversed: reversed}
					f := x.shoot(s)
					if f.delivered && f.space == e.space && f.dport == uint64(e.port) && (e.address.IsUnspecified() || f.daddr == e.address) {
						return true
					}
				}
			}
		}
	}
	return false
}
