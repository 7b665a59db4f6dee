package scan

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func known() []uint16 { return []uint16{53, 123} }

func noNames(context.Context, string) ([]netip.Addr, error) { return nil, fmt.Errorf("no such host") }

func TestParse(t *testing.T) {
	lookup := func(_ context.Context, name string) ([]netip.Addr, error) {
		return []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("2001:db8::7")}, nil
	}
	for text, want := range map[string]string{
		"10.0.0.5:22":                     "10.0.0.5 | 22 |",
		"10.0.0.5:22,80-90,85-100,53/udp": "10.0.0.5 | 22,80-100 | 53",
		"10.0.0.5":                        "10.0.0.5 | 1-65535 | 53,123",
		"10.0.0.5:all":                    "10.0.0.5 | 1-65535 |",
		"10.0.0.0/30:1":                   "10.0.0.1 10.0.0.2 | 1 |",
		"10.0.0.0/31:1":                   "10.0.0.0 10.0.0.1 | 1 |",
		"10.0.0.9/32:1":                   "10.0.0.9 | 1 |",
		"[10.0.0.0/30]:1":                 "10.0.0.1 10.0.0.2 | 1 |",
		"[2001:db8::/127]:443,8443":       "2001:db8:: 2001:db8::1 | 443,8443 |",
		"[2001:db8::1]:443":               "2001:db8::1 | 443 |",
		"[2001:db8::1]":                   "2001:db8::1 | 1-65535 | 53,123",
		"10.0.0.8-10:1":                   "10.0.0.8 10.0.0.9 10.0.0.10 | 1 |",
		"10.0.0.255-10.0.1.1:1":           "10.0.0.255 10.0.1.0 10.0.1.1 | 1 |",
		"10.0.0.1,10.0.0.1,10.0.0.1/31:1": "10.0.0.1 10.0.0.0 | 1 |",
		"[::ffff:10.0.0.1]:1":             "10.0.0.1 | 1 |",
		"db1.example.org:1":               "192.0.2.7 2001:db8::7 | 1 |",
		"db1.example.org:1?family=6":      "2001:db8::7 | 1 |",
		"db1:1?rate=5&timeout=20ms":       "192.0.2.7 2001:db8::7 | 1 |",
		"10.0.0.0/8:443":                  "error: 10.0.0.0/8: 16777214 addresses with 1 ports each are 16777214 probes, more than 1048576; with large=yes it is done all the same",
		"[2001:db8::/32]:1?large=yes":     "error: [2001:db8::/32]: 79228162514264337593543950336 addresses with 1 ports each are 79228162514264337593543950336 probes, more than 67108864; make several scans of it",
		"10.0.0.0/24":                     "error: 10.0.0.0/24: 254 addresses with 65537 ports each are 16646398 probes, more than 1048576; with large=yes it is done all the same",
		"2001:db8::1:443":                 `error: "2001:db8::1": an IPv6 address stands in brackets, as in [2001:db8::1]:443`,
		"[2001:db8::1:443":                `error: "2001:db8::1": the bracket is not closed`,
		"":                                "error: no host is named: scan://HOST:PORTS",
		"10.0.0.1:":                       "10.0.0.1 | 1-65535 | 53,123",
		"10.0.0.1:0":                      `error: ports "0": "0" is no port from 1 to 65535`,
		"10.0.0.1:80-70":                  `error: ports "80-70": the range ends before it begins`,
		"10.0.0.1:65536":                  `error: ports "65536": "65536" is no port from 1 to 65535`,
		"10.0.0.1:80/quic":                `error: ports "80/quic": quic is neither tcp nor udp`,
		"10.0.0.9-3:1":                    `error: "10.0.0.9-3" is no range of addresses`,
		"10.0.0.0/33:1":                   `error: "10.0.0.0/33" is no block of addresses`,
		"a b:1":                           `error: "a b" is no host name, address, block or range`,
		"-x:1":                            `error: "-x" is no host name, address, block or range`,
		"db1:1?speed=9":                   "error: speed is no parameter of a scan: rate, concurrency, timeout, retries, family, state, vantage, large",
		"db1:1?rate=0":                    "error: rate=0: a number from 1 to 1000000 is wanted",
		"db1:1?family=5":                  "error: family=5: it is 4 or 6",
		"db1:1?timeout=1h":                "error: timeout=1h: from 1ms to 1m",
		"db1:1?vantage=moon":              "error: vantage=moon is none of loopback, host, internal, partner, internet",
		"10.0.0.1:1?family=6":             "error: no address of family 6 is named",
	} {
		got := func() string {
			s, err := Parse(text, known())
			if err != nil {
				return "error: " + err.Error()
			}
			addresses, err := s.Addresses(t.Context(), lookup)
			if err != nil {
				return "error: " + strings.Replace(err.Error(), "2001:db8::/32:", "[2001:db8::/32]:", 1)
			}
			var names []string
			for _, a := range addresses {
				names = append(names, a.Addr.String())
			}
			return strings.TrimRight(fmt.Sprintf("%s | %s | %s", strings.Join(names, " "), spell(s.TCP), spell(s.UDP)), " ")
		}()
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"10.0.0.0/24:1-1024?rate=5", "[::1]:22,53/udp", "a,b,[c]:all", "10.0.0.1-3", "?", ":", "[", "x:1?%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text, known())
		if err != nil {
			return
		}
		addresses, err := s.Addresses(t.Context(), noNames)
		if err == nil && s.pairs(len(addresses)) > HardPairs {
			t.Errorf("%d pairs", s.pairs(len(addresses)))
		}
	})
}

// listen opens ports on an address and returns them, sorted as the kernel gave them.
func listen(t *testing.T, address string, n int) map[uint16]bool {
	t.Helper()
	ports := map[uint16]bool{}
	for range n {
		l, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
		if err != nil {
			t.Skipf("no listener on %s: %v", address, err)
		}
		t.Cleanup(func() { l.Close() })
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					return
				}
				c.Close()
			}
		}()
		ports[netip.MustParseAddrPort(l.Addr().String()).Port()] = true
	}
	return ports
}

func sweep(t *testing.T, text string, portable bool) []*Found { return sweeping(t, text, portable, 0) }

func sweeping(t *testing.T, text string, portable bool, threads int) []*Found {
	t.Helper()
	s, err := Parse(text, known())
	if err != nil {
		t.Fatal(err)
	}
	addresses, err := s.Addresses(t.Context(), noNames)
	if err != nil {
		t.Fatal(err)
	}
	found, err := (&Sweep{Spec: s, Addresses: addresses, Payload: func(uint16) []byte { return []byte("?") }, Portable: portable, Threads: threads}).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func opened(f *Found) map[uint16]bool {
	out := map[uint16]bool{}
	for _, p := range f.Ports {
		if p.State == Open {
			out[p.Number] = true
		}
	}
	return out
}

// steady are ports outside of the range that clients get, where nothing else of the
// machine comes and goes while a test looks.
func steady(t *testing.T, address string, n int) map[uint16]bool {
	t.Helper()
	ports := map[uint16]bool{}
	for p := uint16(20000); p < 30000 && len(ports) < n; p += 37 {
		l, err := net.Listen("tcp", net.JoinHostPort(address, fmt.Sprint(p)))
		if err != nil {
			continue
		}
		t.Cleanup(func() { l.Close() })
		ports[p] = true
	}
	return ports
}

// What listens is open and nothing else is, a hundred times over.
func TestLoopback(t *testing.T) {
	address := "127.77.0.1" // no server of the machine listens there alone
	want := steady(t, address, 20)
	before := sweep(t, "127.77.0.2:20000-21000", false) // what listens on every address
	for p := range opened(before[0]) {
		want[p] = true
	}
	for i := range 100 {
		found := sweep(t, address+":20000-21000", i%10 == 9)
		if diff := cmp.Diff(want, opened(found[0])); diff != "" {
			t.Fatalf("scan %d: open (-want +got):\n%s", i, diff)
		}
		if f := found[0]; !f.Complete() || f.Probes.Sent < 1001 || f.Probes.Answered != f.Probes.Sent || f.Probes.TimedOut != 0 {
			t.Fatalf("scan %d: %+v", i, f.Probes)
		}
	}
}

// A scan that was interrupted goes on where its state ends, and asks nothing twice.
func TestResume(t *testing.T) {
	want := steady(t, "127.77.0.5", 5)
	name := filepath.Join(t.TempDir(), "state")
	text := "127.77.0.5:1-20500?state=" + name
	s, _ := Parse(text, known())
	addresses, err := s.Addresses(t.Context(), noNames)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	sw := &Sweep{Spec: s, Addresses: addresses, Say: func(string, ...any) {}}
	st, err := sw.resume()
	if err != nil {
		t.Fatal(err)
	}
	probers, err := sw.probers()
	if err != nil {
		t.Fatal(err)
	}
	f := &phase{sweep: sw, ports: list(s.TCP), state: st, answers: make([]Answer, 20500)}
	f.start(probers)
	for _, from := range []int{0, savedBatch} {
		if !f.piece(ctx, from, from+savedBatch) {
			t.Fatal("not done")
		}
		if err := st.save(f, from, from+savedBatch); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := f.run(ctx); err != nil { // the rest is not asked
		t.Fatal(err)
	}
	part := f.found()[0]
	closeAll(probers)
	st.close()
	if part.Asked || part.Complete() || part.Probes.Sent != 2*savedBatch {
		t.Fatalf("interrupted: asked %v, %+v", part.Asked, part.Probes)
	}
	file, _ := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	file.WriteString(`{"udp":false,"from":16384,"to":20`) // as cut off
	file.Close()
	found, err := (&Sweep{Spec: s, Addresses: addresses}).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := opened(found[0])
	for p := range want {
		if p <= 20500 && !got[p] {
			t.Errorf("%d is not seen", p)
		}
	}
	if f := found[0]; !f.Complete() || f.Probes.Sent < 20500 || f.Probes.Sent > 20520 {
		t.Errorf("resumed: %+v", f.Probes)
	}
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Errorf("the state is still there: %v", err)
	}
	os.WriteFile(name, []byte(`{"writ_scan":"10.0.0.1 tcp 1 udp  family 0","addresses":["10.0.0.1"]}`+"\n"), 0o600)
	if _, err := (&Sweep{Spec: s, Addresses: addresses}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "another scan") {
		t.Errorf("another scan's state: %v", err)
	}
	os.WriteFile(name, []byte("hello\n"), 0o600)
	if _, err := (&Sweep{Spec: s, Addresses: addresses}).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "no state of a scan") {
		t.Errorf("no state: %v", err)
	}
}

func TestLossy(t *testing.T) {
	for _, test := range []struct {
		p                 Probes
		settled, attempts int
		want              bool
	}{
		{Probes{Answered: 1000}, 1000, 3, false},
		{Probes{Answered: 1000, Late: 10}, 1000, 3, false},
		{Probes{Answered: 1000, Late: 100}, 1000, 3, true},
		{Probes{Answered: 10, Late: 10}, 10, 3, true},
		{Probes{}, 0, 3, false},
		{Probes{Answered: 1000}, 1000, 1, true},
	} {
		if got := lossy(test.p, test.settled, test.attempts); got != test.want {
			t.Errorf("%+v of %d in %d attempts: %v", test.p, test.settled, test.attempts, got)
		}
	}
}

func TestUDP(t *testing.T) {
	conn, err := net.ListenPacket("udp", "127.77.0.6:0")
	if err != nil {
		t.Skip(err)
	}
	defer conn.Close()
	mute, err := net.ListenPacket("udp", "127.77.0.6:0")
	if err != nil {
		t.Skip(err)
	}
	defer mute.Close()
	go func() {
		buffer := make([]byte, 100)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			conn.WriteTo(buffer[:n], from)
		}
	}()
	port := func(c net.PacketConn) uint16 { return netip.MustParseAddrPort(c.LocalAddr().String()).Port() }
	for _, portable := range []bool{false, true} {
		found := sweep(t, fmt.Sprintf("127.77.0.6:%d/udp,%d/udp,9/udp?timeout=50ms&retries=1", port(conn), port(mute)), portable)
		got := map[uint16]string{}
		for _, p := range found[0].Ports {
			got[p.Number] = fmt.Sprint(p.State, " ", p.Answer)
		}
		want := map[uint16]string{port(conn): "open answer", port(mute): "unknown timeout", 9: "closed port_unreachable"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("portable %v (-want +got):\n%s", portable, diff)
		}
	}
}
