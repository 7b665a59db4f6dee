package azure

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/writ-policy/writ/collectors/source/aws"
	"github.com/writ-policy/writ/engine/fact"
)

func TestRange(t *testing.T) {
	for _, c := range []struct{ first, last, want string }{
		{"0.0.0.0", "255.255.255.255", "0.0.0.0/0"},
		{"203.0.113.7", "203.0.113.7", "203.0.113.7/32"},
		{"10.0.0.1", "10.0.0.6", "10.0.0.1/32 10.0.0.2/31 10.0.0.4/31 10.0.0.6/32"},
		{"::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0"},
		{"10.0.0.2", "10.0.0.1", "no"}, {"10.0.0.1", "::1", "no"}, {"", "10.0.0.1", "no"}, {"all", "all", "no"},
	} {
		list, ok := Range(c.first, c.last)
		got := strings.Join(list, " ")
		if !ok {
			got = "no"
		}
		if got != c.want {
			t.Errorf("%s to %s: %s", c.first, c.last, got)
		}
	}
}

// A range holds the addresses between its ends and no others.
func TestRangeHoldsWhatLiesBetween(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	address := func() netip.Addr {
		n := r.Uint32() & 0x000003ff
		return netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)})
	}
	for range 500 {
		a, b := address(), address()
		if b.Less(a) {
			a, b = b, a
		}
		list, ok := Range(a.String(), b.String())
		if !ok {
			t.Fatalf("%v to %v: no range", a, b)
		}
		for range 50 {
			x := address()
			in := slices.ContainsFunc(list, func(s string) bool { return netip.MustParsePrefix(s).Contains(x) })
			if want := !x.Less(a) && !b.Less(x); in != want {
				t.Fatalf("%v to %v: %v is in: %v, of %v", a, b, x, in, list)
			}
		}
	}
}

func TestDays(t *testing.T) {
	for text, want := range map[string]string{
		"P30D": "30", "P1Y": "365", "P2W": "14", "P6M": "180", "PT0S": "0", "PT36H": "2", "P1DT1H": "2", "p7d": "7",
		"P": "?", "PT": "?", "30": "?", "": "?", "P1": "?", "P-1D": "?", "P1H": "?", "PT1D": "?", "P1X": "?",
	} {
		a := Days(aws.Declared(text, fact.Position{}))
		if got := known(a, fmt.Sprint(a.Value)); got != want {
			t.Errorf("%q: %s days", text, got)
		}
	}
}

func FuzzDays(f *testing.F) {
	for _, s := range []string{"P30D", "P1Y2M3DT4H5M6S", "PT0S", "P..D", "PTT", "P1.5D"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a := Days(aws.Declared(s, fact.Position{})); a.Known() && a.Value < 0 {
			t.Errorf("%q: %d days", s, a.Value)
		}
	})
}
