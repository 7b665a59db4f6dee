package ports

import (
	"context"
	"fmt"
	"math"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/writ-policy/writ/collectors"
	"github.com/writ-policy/writ/collectors/source/scan"
	"github.com/writ-policy/writ/collectors/source/wire"
	"github.com/writ-policy/writ/engine/fact"
)

// Bounds on what a scan lists one by one. Open ports always are; what is beyond is
// counted in port.scan.
const (
	maxListed  = 256  // ports asked of a host, for closed and filtered ones to be listed
	maxUnknown = 1024 // ports of a host that nothing is known of
)

// Bounds on identification.
const (
	askedAtOnce    = 128
	askedPerSecond = 2000
)

// scanned asks the ports that a scan:// source names.
func scanned(ctx context.Context, env *collectors.Env) ([]*fact.Document, error) {
	spec, err := scan.Parse(env.Address, wire.UDPPorts())
	if err != nil {
		return nil, err
	}
	addresses, err := spec.Addresses(ctx, func(ctx context.Context, name string) ([]netip.Addr, error) {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	})
	if err != nil {
		return nil, err
	}
	sweep := &scan.Sweep{Spec: spec, Addresses: addresses, Payload: wire.Payload, Say: env.Say}
	found, err := sweep.Run(ctx)
	if err != nil {
		return nil, err
	}
	s := &surveyed{env: env, spec: spec, at: env.Now, asked: map[netip.AddrPort]wire.Result{}, udp: map[netip.AddrPort]wire.Result{}}
	if !sweep.Begun.IsZero() {
		s.at = sweep.Begun
	}
	if name, err := os.Hostname(); err == nil {
		s.from = name
	}
	s.ours, _ = net.InterfaceAddrs()
	if env.Probe {
		s.identify(ctx, found)
	}
	return s.documents(found), nil
}

// surveyed writes what a scan found.
type surveyed struct {
	env  *collectors.Env
	spec *scan.Spec
	from string
	ours []net.Addr
	at   time.Time
	// What open ports speak, TCP and UDP.
	asked, udp map[netip.AddrPort]wire.Result
}

// identify talks to the open ports.
func (s *surveyed) identify(ctx context.Context, found []*scan.Found) {
	var targets []wire.Target
	for _, f := range found {
		name := ""
		if f.Address.Host != f.Address.Addr.String() {
			name = f.Address.Host
		}
		for _, p := range f.Ports {
			if p.State == scan.Open {
				targets = append(targets, wire.Target{Address: netip.AddrPortFrom(f.Address.Addr, p.Number), UDP: f.UDP, Name: name})
			}
		}
	}
	s.env.Say("asking %d open ports what they speak", len(targets))
	for i, r := range wire.Many(ctx, (&net.Dialer{}).DialContext, targets, askedAtOnce, askedPerSecond) {
		if targets[i].UDP {
			s.udp[targets[i].Address] = r
		} else {
			s.asked[targets[i].Address] = r
		}
	}
}

// documents yields two per host, port.scan and port.scanned. Addresses of a block that
// nothing came from are summed up under the block: nothing tells that there is a host.
func (s *surveyed) documents(found []*scan.Found) []*fact.Document {
	silent := map[netip.Addr]bool{}
	for _, f := range found {
		mute := f.Address.Block != "" && f.Silent() && f.Asked
		if before, there := silent[f.Address.Addr]; !there || before {
			silent[f.Address.Addr] = mute
		}
	}
	byTarget := map[string][]*scan.Found{}
	var order []string
	for _, f := range found {
		target := "host/" + f.Address.Host
		if silent[f.Address.Addr] {
			target = "network/" + f.Address.Block
		}
		if byTarget[target] == nil {
			order = append(order, target)
		}
		byTarget[target] = append(byTarget[target], f)
	}
	var docs []*fact.Document
	for _, target := range order {
		w := newScanWriter(s.env, target, "connect", s.at)
		if strings.HasPrefix(target, "network/") {
			s.block(w, byTarget[target])
		} else {
			for _, f := range byTarget[target] {
				s.host(w, f)
			}
		}
		docs = append(docs, w.documents()...)
	}
	return docs
}

// host writes one address and protocol.
func (s *surveyed) host(w *scanWriter, f *scan.Found) {
	c := coverage{
		host: f.Address.Host, address: f.Address.Addr.String(), family: family(f.Address.Addr), protocol: protocol(f.UDP), addresses: 1, complete: f.Complete(),
		sent: f.Probes.Sent, answered: f.Probes.Answered, timedOut: f.Probes.TimedOut, retried: f.Probes.Retried, loss: f.Probes.Loss(), counted: true,
	}
	c.from, c.scope, c.scopeReason = s.vantage(f.Address.Addr)
	at := fact.Position{Source: "scan:" + c.protocol + "/" + c.address}
	var numbers []uint16
	for _, p := range f.Ports {
		numbers = append(numbers, p.Number)
	}
	c.ports = scan.Ranges(numbers)
	for _, r := range f.Runs() {
		c.results = append(c.results, result{int(r.From), int(r.To), string(r.State), r.Answer.String()})
	}
	w.coverage(c, at)
	what := fmt.Sprintf("%s of %s", c.protocol, c.address)
	if !f.Asked {
		w.incomplete("the scan ended before every port was asked: " + what)
	}
	if f.Lossy {
		w.incomplete(fmt.Sprintf("answers are likely to be lost, about %.0f %% of them: %s; a lower rate or more retries may bring them", 100*f.Probes.Loss(), what))
	}
	unknown, refused := 0, 0
	for _, p := range f.Ports {
		if p.Answer == scan.NotSent {
			refused++
		}
		switch p.State {
		case scan.Open:
		case scan.Unknown:
			if p.Answer == scan.Unasked {
				continue // the document says so
			}
			if unknown++; unknown > maxUnknown {
				continue
			}
		default:
			if len(f.Ports) > maxListed {
				continue
			}
		}
		s.port(w, c, f, p)
	}
	if unknown > maxUnknown {
		w.incomplete(fmt.Sprintf("%d more ports of which nothing is known are not listed: %s", unknown-maxUnknown, what))
	}
	if refused > 0 {
		w.incomplete(fmt.Sprintf("%d ports could not be asked from here (no route, or a filter of this machine): %s", refused, what))
	}
}

// port writes one port.
func (s *surveyed) port(w *scanWriter, c coverage, f *scan.Found, p scan.Port) {
	found := finding{coverage: c, port: int(p.Number), state: string(p.State), reason: p.Answer.String(), rtt: p.RTT}
	if p.State == scan.Open {
		to := netip.AddrPortFrom(f.Address.Addr, p.Number)
		t := wire.Target{Address: to, UDP: f.UDP}
		found.wire, found.unasked = wire.Guess(t), "not asked: --probe"
		if s.env.Probe {
			found.unasked = "it does not say"
			found.wire = s.asked[to]
			if f.UDP {
				found.wire = s.udp[to]
			}
		}
	}
	w.port(found, fact.Position{Source: "scan:" + c.protocol + "/" + c.address})
}

// block sums up the silent addresses of a block.
func (s *surveyed) block(w *scanWriter, found []*scan.Found) {
	type group struct {
		coverage
		first *scan.Found
	}
	groups := map[string]*group{}
	for _, f := range found {
		key := protocol(f.UDP) + family(f.Address.Addr)
		g := groups[key]
		if g == nil {
			g = &group{first: f, coverage: coverage{host: f.Address.Block, address: f.Address.Block, family: family(f.Address.Addr), protocol: protocol(f.UDP), complete: true, counted: true}}
			g.from, g.scope, g.scopeReason = s.vantage(f.Address.Addr)
			groups[key] = g
		}
		g.addresses++
		g.sent += f.Probes.Sent
		g.answered += f.Probes.Answered
		g.timedOut += f.Probes.TimedOut
		g.retried += f.Probes.Retried
		g.complete = g.complete && f.Complete()
	}
	for _, key := range fact.SortedKeys(groups) {
		g := groups[key]
		var numbers []uint16
		for _, p := range g.first.Ports {
			numbers = append(numbers, p.Number)
		}
		g.ports = scan.Ranges(numbers)
		state := "filtered"
		if g.protocol == "udp" {
			state = "unknown"
			w.incomplete(fmt.Sprintf("%d addresses of %s answered to no datagram, which decides nothing", g.addresses, g.host))
		} else if !g.complete {
			state = "unknown"
			w.incomplete(fmt.Sprintf("%d addresses of %s could not all be asked", g.addresses, g.host))
		}
		for _, r := range g.ports {
			g.results = append(g.results, result{int(r.From), int(r.To), state, "timeout"})
		}
		w.coverage(g.coverage, fact.Position{Source: "scan:" + g.protocol + "/" + g.address})
	}
}

// vantage says where the scan looks from, as an address sees it.
func (s *surveyed) vantage(to netip.Addr) (from, scope, reason string) {
	switch {
	case s.spec.Vantage != "":
		return s.from, s.spec.Vantage, ""
	case to.IsLoopback():
		return s.from, "loopback", ""
	case slices.ContainsFunc(s.ours, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		if !ok {
			return false
		}
		own, _ := netip.AddrFromSlice(n.IP)
		return own.Unmap() == to.WithZone("")
	}):
		return s.from, "host", ""
	case to.IsPrivate(), to.IsLinkLocalUnicast():
		return s.from, "internal", ""
	}
	return s.from, "", "whether the scan looks from the internet or from a network inside is not known: vantage= of the source says it"
}

func protocol(udp bool) string {
	if udp {
		return "udp"
	}
	return "tcp"
}

func milliseconds(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Millisecond)*100) / 100
}

func endpoint(protocol, address string, port int) string {
	return protocol + "/" + net.JoinHostPort(address, strconv.Itoa(port))
}
