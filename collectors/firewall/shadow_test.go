package firewall

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/writ-policy/writ/collectors/source/vpc"
)

func randomRules(r *rand.Rand, ordered bool) []*vpc.Rule {
	blocks := []string{"0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/8", "10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16", "::/0", "fd00::/8", "fd00::/9"}
	var rules []*vpc.Rule
	for i := range 2 + r.IntN(6) {
		rule := &vpc.Rule{ID: fmt.Sprint("r", i), Protocol: []string{"tcp", "tcp", "udp", vpc.Any}[r.IntN(4)], Allow: true}
		rule.From = []int{0, 80, 443}[r.IntN(3)]
		rule.To = []int{80, 443, 65535}[r.IntN(3)]
		rule.To = max(rule.From, rule.To)
		if rule.Protocol == vpc.Any {
			rule.From, rule.To = 0, 65535
		}
		if ordered {
			rule.Number, rule.Allow = i+1, r.IntN(2) == 0
		}
		for range 1 + r.IntN(3) {
			p := netip.MustParsePrefix(blocks[r.IntN(len(blocks))])
			rule.Peers = append(rule.Peers, vpc.Peer{Type: vpc.CIDR, Prefix: p, Family: vpc.IPv4})
		}
		if !ordered && r.IntN(3) == 0 {
			rule.Peers = append(rule.Peers, vpc.Peer{Type: vpc.Members, Name: []string{"a", "b"}[r.IntN(2)], Family: vpc.Inet})
		}
		rules = append(rules, rule)
	}
	return rules
}

// packets are one of each kind the rules can tell apart; a member of a group
// has an address that no block of the rules but a whole family holds.
type sample struct {
	protocol string
	port     int
	source   netip.Addr
	group    string
}

func packets() []sample {
	var list []sample
	for _, protocol := range []string{"tcp", "udp", "gre"} {
		for _, port := range []int{0, 79, 80, 81, 442, 443, 444, 65535} {
			for _, a := range []string{"10.1.0.1", "10.2.0.1", "10.200.0.1", "11.0.0.1", "200.0.0.1", "fd00::1", "fdff::1", "2001:db8::1"} {
				list = append(list, sample{protocol, port, netip.MustParseAddr(a), ""})
			}
			for _, g := range []string{"a", "b"} {
				list = append(list, sample{protocol, port, netip.Addr{}, g})
			}
		}
	}
	return list
}

func matches(r *vpc.Rule, p sample) bool {
	if r.Protocol != vpc.Any && (r.Protocol != p.protocol || p.port < r.From || p.port > r.To) {
		return false
	}
	everyone := map[netip.Prefix]bool{}
	var list []netip.Prefix
	for _, peer := range r.Peers {
		if peer.Type == vpc.Members && peer.Name == p.group && p.group != "" {
			return true
		}
		if peer.Type == vpc.CIDR {
			if p.source.IsValid() && peer.Prefix.Contains(p.source) {
				return true
			}
			everyone[peer.Prefix] = true
			list = append(list, peer.Prefix)
		}
	}
	// The members' addresses may be any of either family.
	return p.group != "" && sourcesOf(list...).covers(allSources())
}

func admitted(rules []*vpc.Rule, p sample) bool {
	return slices.ContainsFunc(rules, func(r *vpc.Rule) bool { return matches(r, p) })
}

// Of a group's rules, all that are reported can be deleted together without a
// change, and none of the others can.
func TestShadowedRulesOfAGroupAreTheRedundantOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	all, reported := packets(), 0
	for range 1500 {
		rules := randomRules(r, false)
		var kept []*vpc.Rule
		for i, s := range shadowing(rules, false) {
			if s.reason != "" {
				t.Fatalf("nothing is unknown, but %s: %s", rules[i].ID, s.reason)
			}
			if len(s.by) > 0 {
				reported++
			} else {
				kept = append(kept, rules[i])
			}
		}
		for _, p := range all {
			if p.group == "" && admitted(rules, p) != admitted(kept, p) {
				t.Fatalf("deleting the shadowed rules changes %v of %s", p, show(rules))
			}
		}
		for i := range kept {
			rest := slices.Delete(slices.Clone(kept), i, i+1)
			if !slices.ContainsFunc(all, func(p sample) bool { return matches(kept[i], p) && !admitted(rest, p) }) {
				t.Fatalf("%s is redundant and not reported in %s", kept[i].ID, show(rules))
			}
		}
	}
	if reported < 300 {
		t.Errorf("only %d rules were shadowed", reported)
	}
}

// Of an ordered list, a rule is reported if and only if no sample gets to it.
func TestShadowedRulesOfAListAreNeverReached(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	all, reported := packets(), 0
	for range 1500 {
		rules := randomRules(r, true)
		for i, s := range shadowing(rules, true) {
			reached := slices.ContainsFunc(all, func(p sample) bool {
				return p.group == "" && matches(rules[i], p) && !admitted(rules[:i], p)
			})
			if reached == (len(s.by) > 0) {
				t.Fatalf("%s: reached %v, shadowed by %v in %s", rules[i].ID, reached, s.by, show(rules))
			}
			if len(s.by) > 0 {
				reported++
			}
		}
	}
	if reported < 300 {
		t.Errorf("only %d rules were shadowed", reported)
	}
}

// Without knowledge of a rule, none is reported because of it, and a rule that
// it may cover is not said to be free.
func TestShadowingWithUnknowns(t *testing.T) {
	wide := vpc.Rule{ID: "wide", Protocol: vpc.Any, To: 65535, Allow: true, Peers: []vpc.Peer{{Type: vpc.CIDR, Prefix: netip.MustParsePrefix("0.0.0.0/0"), Family: vpc.IPv4}}}
	narrow := vpc.Rule{ID: "narrow", Protocol: "tcp", From: 80, To: 80, Allow: true, Peers: []vpc.Peer{{Type: vpc.CIDR, Prefix: netip.MustParsePrefix("10.0.0.0/8"), Family: vpc.IPv4}}}
	for name, forget := range map[string]func(*vpc.Rule){
		"block":    func(r *vpc.Rule) { r.Peers[0].Reason = "forgotten" },
		"protocol": func(r *vpc.Rule) { r.Protocol, r.ProtocolReason = "", "forgotten" },
		"ports":    func(r *vpc.Rule) { r.Protocol, r.From, r.PortsReason = "tcp", 0, "forgotten" },
		"force":    func(r *vpc.Rule) { r.Opaque = "forgotten" },
	} {
		w, n := wide, narrow
		w.Peers = slices.Clone(w.Peers)
		forget(&w)
		got := shadowing([]*vpc.Rule{&w, &n}, false)
		if len(got[1].by) > 0 || got[1].reason == "" {
			t.Errorf("without the wide rule's %s the narrow one is %+v", name, got[1])
		}
	}
	n := narrow
	n.Opaque = "perhaps it is not there"
	if got := shadowing([]*vpc.Rule{&wide, &n}, false); !slices.Equal(got[1].by, []string{"wide"}) {
		t.Errorf("a rule that may not be in force is %+v", got[1])
	}
}

func show(rules []*vpc.Rule) string {
	var out string
	for _, r := range rules {
		out += fmt.Sprintf("\n%s allow=%v %s %d-%d", r.ID, r.Allow, r.Protocol, r.From, r.To)
		for _, p := range r.Peers {
			out += fmt.Sprint(" ", p.Prefix, p.Name)
		}
	}
	return out
}
