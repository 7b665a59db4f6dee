package scan

import (
	"context"
	"math"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"time"
)

// Sweep is a scan that is made.
type Sweep struct {
	Spec      *Spec
	Addresses []Address
	// Payload is what a UDP port is sent; never nil.
	Payload func(port uint16) []byte
	// Say is told of progress; nil for nobody.
	Say func(format string, args ...any)
	// Portable has the ports asked through the net package, as on other systems.
	Portable bool
	// Threads is how many ask at once where no rate bounds them; 0 is one for each
	// processor. One thread asks in the network namespace of the caller's.
	Threads int

	// Begun is when the state of an earlier scan that Run goes on from was begun; zero
	// where it goes on from none.
	Begun time.Time

	own      bool    // every address is this machine's
	rate     float64 // attempts a second, 0 unbounded
	mu       sync.Mutex
	told     time.Time
	finished int
	total    int
}

// Run asks every port. Where the context ends first, what is known so far is
// returned, with Asked false; an error means that nothing could be asked.
//
// Addresses take turns port by port. Ports are asked in passes: all of them, then
// those that kept silent, with twice the time, and so on.
func (s *Sweep) Run(ctx context.Context) ([]*Found, error) {
	state, err := s.resume()
	if err != nil {
		return nil, err
	}
	defer state.close()
	probers, err := s.probers()
	if err != nil {
		return nil, err
	}
	defer closeAll(probers)
	s.total = s.Spec.pairs(len(s.Addresses))
	var out []*Found
	for _, udp := range []bool{false, true} {
		f := &phase{sweep: s, udp: udp, ports: list(s.Spec.TCP), state: state}
		if udp {
			f.ports = list(s.Spec.UDP)
		}
		if len(f.ports) == 0 {
			continue
		}
		f.answers = make([]Answer, len(f.ports)*len(s.Addresses))
		f.start(probers)
		if err := f.run(ctx); err != nil {
			return nil, err
		}
		out = append(out, f.found()...)
	}
	if ctx.Err() == nil {
		state.remove()
	}
	return out, nil
}

// probers open sockets for as many attempts as the limit on open files leaves room.
func (s *Sweep) probers() ([]prober, error) {
	s.own = true
	ours, _ := net.InterfaceAddrs()
	for _, a := range s.Addresses {
		s.own = s.own && mine(a.Addr, ours)
	}
	s.rate = float64(s.Spec.Rate)
	if s.Spec.Rate == 0 && !s.own {
		s.rate = DefaultRate
	}
	if s.Spec.Timeout == 0 {
		spec := *s.Spec
		spec.Timeout = time.Second
		if s.own {
			spec.Timeout = 300 * time.Millisecond
		}
		s.Spec = &spec
	}
	if s.Portable {
		return []prober{newDialer(s.Spec.Concurrency)}, nil
	}
	threads := s.Threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	if s.rate > 0 {
		threads = 1
	}
	var out []prober
	for range threads {
		p, err := newProber(max(1, room(s.Spec.Concurrency)/threads), s.own)
		if err != nil {
			closeAll(out)
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

func closeAll(list []prober) {
	for _, p := range list {
		p.close()
	}
}

// mine reports whether an address is one of this machine.
func mine(a netip.Addr, ours []net.Addr) bool {
	if a.IsLoopback() {
		return true
	}
	for _, o := range ours {
		if n, ok := o.(*net.IPNet); ok {
			if own, ok := netip.AddrFromSlice(n.IP); ok && own.Unmap() == a {
				return true
			}
		}
	}
	return false
}

// slow halves the rate where more than a few answers needed another attempt.
func (s *Sweep) slow(p Probes) {
	if s.rate > 100 && p.Loss() > 0.02 {
		s.rate = math.Max(s.rate/2, 100)
	}
}

func (s *Sweep) progress(finished int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finished += finished
	if s.Say == nil || time.Since(s.told) < time.Second {
		return
	}
	s.told = time.Now()
	s.Say("asked %d of %d ports", s.finished, s.total)
}
