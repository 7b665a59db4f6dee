//go:build linux

package kerneltest

import (
	"net/netip"
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	Main()
	os.Exit(m.Run())
}

func start(t *testing.T) *Lab {
	t.Helper()
	l, err := Start()
	if err != nil {
		t.Skipf("no namespaces with packet filters are to be had here, so the kernel was not asked: %v", err)
	}
	t.Cleanup(l.Stop)
	return l
}

// TestFates holds that packets end where rules that are plain to read send them.
func TestFates(t *testing.T) {
	l := start(t)
	const open, closed, sentOn, away = 22, 23, 8000, 8001
	nft := `
add table inet t
add chain inet t in { type filter hook input priority 0; policy drop; }
add rule inet t in tcp dport { 22, 80 } log group 1 accept
add rule inet t in udp dport 22 accept
add chain inet t pre { type nat hook prerouting priority -100; }
add rule inet t pre tcp dport 8001 redirect to :80
add rule inet t pre meta nfproto ipv4 tcp dport 8000 dnat ip to 10.9.0.2:22
add rule inet t pre meta nfproto ipv6 tcp dport 8000 dnat ip6 to [fd00:9::2]:22
add chain inet t on { type filter hook forward priority 0; }
add rule inet t on oifname eth1 drop
`
	box := `
add table inet t
add chain inet t in { type filter hook input priority 0; policy drop; }
add rule inet t in tcp dport 22 accept
`
	save := "*filter\n:INPUT ACCEPT\n-A INPUT -p udp -m udp --dport 22 -j DROP\nCOMMIT\n"
	for _, c := range []struct {
		name  string
		rules Ruleset
		udp   bool // to 22 gets through
	}{
		{"nft", Ruleset{NFT: nft, Container: box}, true},
		{"iptables-nft", Ruleset{NFT: nft, Container: box, IPTablesNFT: save, IP6TablesNFT: save}, false},
		{"iptables-legacy", Ruleset{NFT: nft, Container: box, IPTablesLegacy: save, IP6TablesLegacy: save}, false},
		{"nft again", Ruleset{NFT: nft, Container: box}, true},
	} {
		listing, err := l.Load(c.rules)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(listing[NFT], `"t"`) || c.rules[IPTablesLegacy] != "" && !strings.Contains(listing[IP6TablesLegacy], "--dport 22") {
			t.Errorf("%s: the rules are not listed", c.name)
		}
		for v := range 2 {
			own := Links()[0].Addresses[v].Addr()
			source, far := netip.MustParseAddr("203.0.113.9"), netip.MustParseAddr("198.51.100.77")
			if v == 1 {
				source, far = netip.MustParseAddr("2001:db8:77::9"), netip.MustParseAddr("2001:db8:51::77")
			}
			probe := func(protocol uint8, to netip.Addr, port uint16) Probe {
				return Probe{In: "eth0", Protocol: protocol, Source: source, Dest: to, SourcePort: 40000 + port, DestPort: port}
			}
			list := []Probe{probe(6, own, open), probe(6, own, closed), probe(17, own, open), probe(6, own, sentOn), probe(6, own, away), probe(6, far, open), probe(6, Box[v].Addr(), closed), probe(6, own, open)}
			gate := Gateways[v]
			list = append(list, probe(6, gate, open))
			got, err := l.Send(list)
			if err != nil {
				t.Fatal(err)
			}
			want := []Fate{
				{true, "", own, 22, true}, {}, {c.udp, "", own, 22, false}, {true, "box", Box[v].Addr(), 22, false}, {true, "", own, 80, true}, {}, {}, {true, "", own, 22, true}, {true, "out", gate, 22, false},
			}
			if !c.udp {
				want[2] = Fate{}
			}
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%s: %+v: got %+v, want %+v", c.name, list[i], got[i], want[i])
				}
			}
		}
	}
	if _, err := l.Load(Ruleset{NFT: "add rule inet none none accept\n"}); err == nil {
		t.Error("rules for a chain that is not there are taken")
	}
}

// TestManyPackets holds that no packet of many is missed.
func TestManyPackets(t *testing.T) {
	l := start(t)
	if _, err := l.Load(Ruleset{NFT: "add table inet t\nadd chain inet t in { type filter hook input priority 0; }\nadd rule inet t in log group 1\nadd rule inet t in log group 1\nadd rule inet t in tcp dport >= 1000 drop\n"}); err != nil {
		t.Fatal(err)
	}
	var list []Probe
	for i := range 5000 {
		list = append(list, Probe{In: "eth0", Protocol: 6, Source: netip.AddrFrom4([4]byte{203, 0, byte(i >> 8), byte(i)}), Dest: Links()[0].Addresses[0].Addr(), SourcePort: 50000, DestPort: uint16(i % 2000)})
	}
	fates, err := l.Send(list)
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range fates {
		if f.Delivered != (i%2000 < 1000) || !f.Logged {
			t.Fatalf("packet %d: %+v", i, f)
		}
	}
}
