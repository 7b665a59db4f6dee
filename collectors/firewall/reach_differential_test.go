package firewall

import (
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// TestEvaluatorAgreesWithPackets holds, for random rulesets and packets at the borders
// of what they name, that what becomes of a packet is among the ways the evaluator
// says there are, and that it says one where nothing is uncertain.
func TestEvaluatorAgreesWithPackets(t *testing.T) {
	n := 3000 // 60,000 were run once, with 21 million packets
	if testing.Short() {
		n = 300
	}
	shots := 0
	for seed := range n {
		wrong, asked := differ(uint64(seed), nil, 4, 64)
		shots += asked
		if wrong != nil {
			t.Fatal(shrink(uint64(seed), *wrong))
		}
	}
	t.Logf("%d rulesets, %d packets", n, shots)
}

// mismatch is a packet whose fate the evaluator does not know.
type mismatch struct {
	spaces []*space
	shot   shot
	what   string
	check  func([]*space) string
}

// differ compares the two on one random ruleset; nil where they agree. The evaluator
// is given what a mistake makes of the rules.
func differ(seed uint64, mistake func([]*space) []*space, entries, each int) (wrong *mismatch, asked int) {
	r := rand.New(rand.NewPCG(seed, 7))
	g := &generator{Rand: r, v6: seed%3 == 2, sure: seed%2 == 0}
	spaces := g.spaces()
	if mistake == nil {
		mistake = func(s []*space) []*space { return s }
	}
	p := compile(mistake(spaces), g.v6, false, nil)
	for range entries {
		at := g.entry(p)
		for _, reversed := range []bool{false, true} {
			o := p.evaluate(at, reversed)
			if reversed && !o.tied {
				break
			}
			for range each {
				s := g.shoot(p, at)
				asked++
				dice, moving := r.Uint64(), r.IntN(2) == 0
				if what := compare(spaces, p, at, o, s, dice, moving, reversed, g.sure); what != "" {
					check := func(spaces []*space) string {
						q := compile(mistake(spaces), g.v6, false, nil)
						at := at
						at.space, at.from = q.spaces[0], q.cuts.all()
						return compare(spaces, q, at, q.evaluate(at, reversed), s, dice, moving, reversed, g.sure)
					}
					return &mismatch{spaces, s, what, check}, asked
				}
			}
		}
	}
	return nil, asked
}

// entry is a place where packets come in.
func (g *generator) entry(p *program) entryPoint {
	at := entryPoint{space: p.spaces[0], in: g.pick("eth0", "eth1", "docker0"), protocol: 6, sourcePort: uint16(ports[g.IntN(len(ports))]), addressKnown: true, from: p.cuts.all()}
	if g.chance(4) {
		at.protocol = 17
	}
	at.port = uint16(ports[g.IntN(len(ports))])
	switch a := g.address(); {
	case g.chance(3):
		at.address = number(a)
	case g.v6:
		at.address = number(netip.MustParseAddr(g.pick(hosts6...)))
	default:
		at.address = number(netip.MustParseAddr(g.pick(hosts4...)))
	}
	return at
}

// shoot is a packet of an entry point from the border of a cell.
func (g *generator) shoot(p *program, at entryPoint) shot {
	a := p.cuts.starts[g.IntN(p.cuts.count())]
	switch g.IntN(3) {
	case 0:
		if (a != u128{}) {
			a = a.prev()
		}
	case 1:
		a = number(g.address())
	}
	return shot{at.in, uint64(at.protocol), address(a, g.v6), address(at.address, g.v6), uint64(at.sourcePort), uint64(at.port)}
}

var maphashSeed = maphash.MakeSeed()

// compare says what is wrong with an outcome for one packet, "" if nothing.
func compare(spaces []*space, p *program, at entryPoint, o *outcome, s shot, dice uint64, moving, reversed, sure bool) string {
	x := &interpreter{spaces: spaces, dice: dice, seed: maphashSeed, moving: moving, reversed: reversed}
	f := x.shoot(s)
	cell := p.cuts.cell(number(s.saddr))
	ways, uncertain := uint16(0), o.deny.ways[cell]
	if !f.delivered {
		ways = o.deny.ways[cell]
	}
	for i, k := range o.sinks {
		w := o.painted[i].ways[cell]
		uncertain |= w
		if !f.delivered {
			continue
		}
		name, port := "out", k.port
		if k.space != nil {
			name = k.space.name
		}
		if !k.known || name == f.space && (k.addressUnknown || address(k.address, p.v6) == f.daddr) && (k.portUnknown || uint64(port) == f.dport) {
			ways |= w
		}
	}
	if moving {
		// What is certain is so as long as members stay.
	} else if n := settled(o, int(cell)); n > 1 {
		return fmt.Sprintf("%+v: %d ends are certain", s, n)
	}
	kinds := []logged{notLogged, sampled}
	if f.logged {
		kinds = []logged{recorded, sampled}
	}
	for l := certain; l < levels; l++ {
		for _, k := range kinds {
			if ways&bitOf(l, k) != 0 {
				asked := func(c cause) bool { return strings.HasPrefix(c.reason, "whether chain ") }
				if sure && uncertain>>uint(loggedKinds) != 0 && !slices.ContainsFunc(o.causes, asked) {
					return fmt.Sprintf("%+v: not certain, though all is known", s)
				}
				if settled(o, int(cell)) == 1 && !moving && l != certain && l != later && ways&plainOnly == 0 {
					return fmt.Sprintf("%+v: another end is certain than %+v", s, f)
				}
				return ""
			}
		}
	}
	return fmt.Sprintf("%+v: %+v, which the evaluator excludes", s, f)
}

// settled counts the ends that are certain for a cell.
func settled(o *outcome, cell int) int {
	n := 0
	for _, q := range append([]*paint{o.deny}, o.painted...) {
		for k := notLogged; k < loggedKinds; k++ {
			if q.ways[cell]&bitOf(certain, k) != 0 {
				n++
			}
		}
	}
	return n
}

// shrink takes away whatever the mismatch does not need, and prints what is left.
func shrink(seed uint64, m mismatch) string {
	for again := true; again; {
		again = false
		for i := range m.spaces {
			s := m.spaces[i]
			for j := range s.tables {
				try := *s
				try.tables = append(append([]*netfilter.Table{}, s.tables[:j]...), s.tables[j+1:]...)
				if m.keep(i, &try) {
					again = true
					break
				}
				if t := smaller(s.tables[j], func(t *netfilter.Table) bool {
					try.tables = append([]*netfilter.Table{}, s.tables...)
					try.tables[j] = t
					list := append([]*space{}, m.spaces...)
					list[i] = &try
					return m.check(list) != ""
				}); t != nil {
					try.tables = append([]*netfilter.Table{}, s.tables...)
					try.tables[j] = t
					m.keep(i, &try)
					again = true
					break
				}
			}
		}
	}
	return fmt.Sprintf("ruleset %d: %s\n%s", seed, m.check(m.spaces), rulesText(m.spaces))
}

func (m *mismatch) keep(i int, s *space) bool {
	list := append([]*space{}, m.spaces...)
	list[i] = s
	if m.check(list) == "" {
		return false
	}
	m.spaces = list
	return true
}

// smaller is the table without a chain, a rule or a statement that is not needed.
func smaller(t *netfilter.Table, fails func(*netfilter.Table) bool) *netfilter.Table {
	for i, c := range t.Chains {
		u := *t
		u.Chains = append(append([]*netfilter.Chain{}, t.Chains[:i]...), t.Chains[i+1:]...)
		if fails(&u) {
			return &u
		}
		for j, r := range c.Rules {
			d := *c
			d.Rules = append(append([]*netfilter.Rule{}, c.Rules[:j]...), c.Rules[j+1:]...)
			u.Chains = append([]*netfilter.Chain{}, t.Chains...)
			u.Chains[i] = &d
			if fails(&u) {
				return &u
			}
			for k := range r.Statements {
				q := *r
				q.Statements = append(append([]netfilter.Statement{}, r.Statements[:k]...), r.Statements[k+1:]...)
				d.Rules = append([]*netfilter.Rule{}, c.Rules...)
				d.Rules[j] = &q
				if fails(&u) {
					return &u
				}
			}
		}
	}
	return nil
}

func rulesText(spaces []*space) string {
	var b strings.Builder
	for _, s := range spaces {
		for _, t := range s.tables {
			fmt.Fprintf(&b, "table %s %s in %q\n", t.Family, t.Name, s.name)
			for _, set := range t.Sets {
				fmt.Fprintf(&b, "  set %s dynamic=%v unread=%q:", set.Name, set.Dynamic, set.Unread)
				for _, e := range set.Elements {
					b.WriteString(" " + netfilter.PrintElement(e) + ";")
				}
				b.WriteString("\n")
			}
			for _, c := range t.Chains {
				fmt.Fprintf(&b, "  chain %s %s %s %d %v policy %s\n", c.Name, c.Type, c.Hook, c.Priority, c.Devices, c.Policy)
				for _, r := range c.Rules {
					fmt.Fprintf(&b, "    %s:", r.ID)
					for _, st := range r.Statements {
						b.WriteString(" " + netfilter.Print(st) + ";")
					}
					b.WriteString("\n")
				}
			}
		}
	}
	return b.String()
}
