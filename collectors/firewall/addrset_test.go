package firewall

import (
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// universe is a family's block small enough to ask every address.
func universe(v6 bool) []netip.Addr {
	a := netip.MustParseAddr("10.0.0.0")
	if v6 {
		a = netip.MustParseAddr("2001:db8:ffff:ffff::")
	}
	list := make([]netip.Addr, 0, 128)
	if v6 {
		// Straddle the border between the two halves of the number.
		a = netip.MustParseAddr("2001:db8:0:0:ffff:ffff:ffff:ffc0")
	}
	for range 128 {
		list = append(list, a)
		a = a.Next()
	}
	return list
}

func randomBlocks(r *rand.Rand, all []netip.Addr, v6 bool) []netip.Prefix {
	var list []netip.Prefix
	for range r.IntN(6) {
		list = append(list, netip.PrefixFrom(all[r.IntN(len(all))], width(v6)-r.IntN(7)).Masked())
	}
	return list
}

func inBlocks(a netip.Addr, blocks []netip.Prefix) bool {
	for _, p := range blocks {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func has(s addrSet, a netip.Addr) bool {
	return s.meets(setOf(netip.PrefixFrom(a, a.BitLen())))
}

// Every operation agrees, address by address, with the blocks it was made from.
func TestSetOperationsAgreeWithBlocks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, v6 := range []bool{false, true} {
		all := universe(v6)
		for range 400 {
			p, q := randomBlocks(r, all, v6), randomBlocks(r, all, v6)
			s, u := setOf(p...), setOf(q...)
			for _, a := range all {
				inP, inQ := inBlocks(a, p), inBlocks(a, q)
				for _, c := range []struct {
					name      string
					got, want bool
				}{
					{"set", has(s, a), inP},
					{"union", has(s.union(u), a), inP || inQ},
					{"intersect", has(s.intersect(u), a), inP && inQ},
					{"minus", has(s.minus(u), a), inP && !inQ},
					{"union of", has(unionOf([]addrSet{s, u, s}), a), inP || inQ},
					{"touches", s.touches(netip.PrefixFrom(a, a.BitLen())), inP},
					{"prefixes", inBlocks(a, s.minus(u).prefixes(v6)), inP && !inQ},
				} {
					if c.got != c.want {
						t.Fatalf("%s of %v and %v at %v: got %v, want %v", c.name, p, q, a, c.got, c.want)
					}
				}
			}
			if got := s.covers(u); got != u.minus(s).empty() {
				t.Fatalf("covers of %v and %v: got %v", p, q, got)
			}
			for _, p := range q {
				if s.touches(p) != s.meets(setOf(p)) {
					t.Fatalf("touches of %v and %v", s, p)
				}
			}
			isNormal(t, s.union(u))
			isNormal(t, s.minus(u))
			isNormal(t, s.intersect(u))
			isMinimal(t, s.union(u).prefixes(v6))
		}
	}
}

func isNormal(t *testing.T, s addrSet) {
	t.Helper()
	for i, a := range s {
		if a.lo.compare(a.hi) > 0 || i > 0 && (s[i-1].hi.compare(a.lo) >= 0 || s[i-1].hi.next() == a.lo) {
			t.Fatalf("spans are not in normal form: %v", s)
		}
	}
}

// isMinimal checks that no two neighbours make one block.
func isMinimal(t *testing.T, list []netip.Prefix) {
	t.Helper()
	for i := 1; i < len(list); i++ {
		a, b := list[i-1], list[i]
		if a.Bits() == b.Bits() && a.Bits() > 0 {
			parent := netip.PrefixFrom(a.Addr(), a.Bits()-1).Masked()
			if parent.Addr() == a.Addr() && parent.Contains(b.Addr()) {
				t.Fatalf("%v and %v are one block", a, b)
			}
		}
	}
}

func TestPrefixesAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		name string
		set  addrSet
		v6   bool
		want []string
	}{
		{"all of IPv4", everything(false), false, []string{"0.0.0.0/0"}},
		{"all of IPv6", everything(true), true, []string{"::/0"}},
		{"two halves are the whole", setOf(netip.MustParsePrefix("0.0.0.0/1"), netip.MustParsePrefix("128.0.0.0/1")), false, []string{"0.0.0.0/0"}},
		{"all but the last address", everything(false).minus(setOf(netip.MustParsePrefix("255.255.255.255/32"))).minus(setOf(netip.MustParsePrefix("0.0.0.0/1"))).minus(setOf(netip.MustParsePrefix("128.0.0.0/2"), netip.MustParsePrefix("192.0.0.0/3"))).intersect(setOf(netip.MustParsePrefix("255.255.255.252/30"))), false, []string{"255.255.255.252/31", "255.255.255.254/32"}},
		{"the last address of IPv6", setOf(netip.MustParsePrefix("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")), true, []string{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"}},
		{"nothing", nil, false, nil},
	} {
		var got []string
		for _, p := range c.set.prefixes(c.v6) {
			got = append(got, p.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// The complement's complement is the set, whatever the blocks.
func FuzzSet(f *testing.F) {
	f.Add("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0")
	f.Add("fc00::/7", "::/0", "2001:db8::/33")
	f.Add("255.255.255.255/32", "0.0.0.0/32", "128.0.0.0/1")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var list []netip.Prefix
		for _, text := range []string{a, b, c} {
			p, err := netip.ParsePrefix(text)
			if err != nil || p.Addr().Is4In6() {
				return
			}
			list = append(list, p.Masked())
		}
		s := sourcesOf(list[0], list[1])
		u := sourcesOf(list[2])
		for _, v6 := range []bool{false, true} {
			all := everything(v6)
			if diff := cmp.Diff(s.of(v6), all.minus(all.minus(s.of(v6))), cmp.AllowUnexported(span{}, u128{})); diff != "" {
				t.Fatalf("complement of complement of %v:\n%s", list, diff)
			}
			left, both := s.of(v6).minus(u.of(v6)), s.of(v6).intersect(u.of(v6))
			if left.meets(both) || !left.union(both).covers(s.of(v6)) || !s.of(v6).covers(left.union(both)) {
				t.Fatalf("minus and intersection do not part %v", list)
			}
			if again := setOf(s.of(v6).prefixes(v6)...); !again.covers(s.of(v6)) || !s.of(v6).covers(again) {
				t.Fatalf("prefixes of %v are not the set", list)
			}
		}
	})
}

func BenchmarkUnionAndPrefixes(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 4))
	var blocks []netip.Prefix
	for range 1000 {
		blocks = append(blocks, netip.PrefixFrom(netip.AddrFrom4([4]byte{byte(r.Uint32()), byte(r.Uint32()), byte(r.Uint32()), 0}), 8+r.IntN(17)).Masked())
	}
	declared := setOf(blocks[:100]...)
	b.ReportAllocs()
	for b.Loop() {
		_ = setOf(blocks...).minus(declared).prefixes(false)
	}
}
