package firewall

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/writ-policy/writ/collectors/source/netfilter"
)

// turned are the same rules, written otherwise: a base chain's in a chain of their own,
// and with rules that ask for something and do nothing.
func turned(spaces []*space) []*space {
	list := copied(spaces)
	for i, s := range list {
		if i == 0 {
			idle := &netfilter.Chain{Name: "idle", Type: "filter", Hook: netfilter.Input, Priority: 900, Policy: netfilter.Accept}
			for _, text := range []string{"match sport 77", "match dport 77", "match protocol 1", "match saddr 203.0.113.0/24", "match daddr 203.0.113.0/24"} {
				m, err := netfilter.Parse(text)
				if err != nil {
					panic(err)
				}
				idle.Rules = append(idle.Rules, &netfilter.Rule{ID: text, Statements: []netfilter.Statement{m}})
			}
			s.tables = append(s.tables, &netfilter.Table{Backend: netfilter.NFT, Family: netfilter.Inet, Name: "idle", Chains: []*netfilter.Chain{idle}})
		}
		for _, t := range s.tables {
			for _, c := range slices.Clone(t.Chains) {
				if c.Hook == netfilter.Regular || len(c.Rules) < 2 || c.Type == "nat" {
					continue
				}
				own := &netfilter.Chain{Name: c.Name + "-own", Policy: netfilter.Continue, Rules: c.Rules}
				t.Chains = append(t.Chains, own)
				d := *c
				d.Rules = []*netfilter.Rule{{ID: c.Name + "-goto", Statements: []netfilter.Statement{netfilter.Verdict{Type: netfilter.Goto, Chain: own.Name}}}}
				t.Chains[slices.Index(t.Chains, c)] = &d
			}
		}
	}
	return list
}

// Rules that mean the same have no witness and one digest; where a packet tells two
// rulesets apart there is a witness, and the digests differ.
func TestMeaning(t *testing.T) {
	same, other := 0, 0
	for seed := range uint64(3) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 17)), v6: seed%3 == 2, sure: seed%2 == 0}
		spaces := g.spaces()
		spaces[0].tables, spaces[1].tables = spaces[0].tables[:1], nil // classes multiply
		for _, s := range []subject{incoming, forwarding} {
			if s == forwarding && seed != 0 {
				continue
			}
			for name, after := range map[string][]*space{"turned": turned(spaces), "policy": mistakes["the policy is ignored"](spaces), "negation": mistakes["negation is lost"](spaces)} {
				list, err := compared(spaces, after, g.v6, s, 1)
				if err != nil {
					continue
				}
				if name == "turned" && len(list) > 0 {
					t.Fatalf("ruleset %d: written otherwise it differs: %+v\n%s", seed, list[0], rulesText(spaces))
				}
				a, err1 := meaning(spaces, g.v6, s)
				b, err2 := meaning(after, g.v6, s)
				if err1 != nil || err2 != nil {
					continue
				}
				if (a == b) != (len(list) == 0) {
					t.Fatalf("ruleset %d, %s: digests are equal: %v, witness: %+v\n%s%s", seed, name, a == b, list, rulesText(spaces), rulesText(after))
				}
				if len(list) == 0 {
					same++
				} else {
					other++
				}
			}
		}
	}
	if same < 2 || other < 2 {
		t.Errorf("%d the same, %d different: the test says little", same, other)
	}
}

func TestWitness(t *testing.T) {
	g := &generator{Rand: rand.New(rand.NewPCG(1, 1))}
	h, _ := g.wired()
	rules := func(accept string) []*space {
		var rule []netfilter.Statement
		for _, text := range []string{"match protocol 6", "match dport 22", "match saddr " + accept, "accept"} {
			s, err := netfilter.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			rule = append(rule, s)
		}
		input := &netfilter.Chain{Name: "input", Type: "filter", Hook: netfilter.Input, Policy: netfilter.Drop, Rules: []*netfilter.Rule{{ID: "r", Statements: rule}}}
		return []*space{{wiring: h, tables: []*netfilter.Table{{Backend: netfilter.NFT, Family: netfilter.Inet, Name: "filter", Chains: []*netfilter.Chain{input}}}}}
	}
	list, err := compared(rules("10.0.0.0/24"), rules("10.0.0.0/25"), false, incoming, 1)
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	want := witness{"tcp from 10.0.0.128:0 by lo to 10.9.0.1:22", "let through to host  10.9.0.1 1;", "refused 1"}
	if list[0] != want {
		t.Errorf("got %+v, want %+v", list[0], want)
	}
}
