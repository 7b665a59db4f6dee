package scan

import (
	"context"
	"net/netip"
	"sync"
	"time"
)

// phase asks all ports of one protocol. A pair is port number × addresses + address.
type phase struct {
	sweep   *Sweep
	udp     bool
	ports   []uint16
	state   *state
	answers []Answer
	workers []*worker
	// Of finished pieces: the time to each open port, and the attempts by address.
	rtts   map[int]time.Duration
	probes []Probes
}

// batch is how many pairs are asked before silent ones are asked again, and before
// the state is written where there is one.
const (
	batch      = 1 << 16
	savedBatch = 1 << 13
)

func (f *phase) start(probers []prober) {
	f.rtts = map[int]time.Duration{}
	f.probes = make([]Probes, len(f.sweep.Addresses))
	for _, p := range probers {
		f.workers = append(f.workers, &worker{phase: f, prober: p})
	}
}

func (f *phase) run(ctx context.Context) error {
	size := batch
	if f.state != nil {
		size = savedBatch
	}
	for from := 0; from < len(f.answers); from += size {
		to := min(from+size, len(f.answers))
		if f.state.restore(f, from, to) {
			f.sweep.progress(to - from)
			continue
		}
		if !f.piece(ctx, from, to) {
			return nil
		}
		if err := f.state.save(f, from, to); err != nil {
			return err
		}
	}
	return nil
}

// piece asks some pairs until each answered or was asked often enough; false if the
// context ended before. The workers share them.
func (f *phase) piece(ctx context.Context, from, to int) bool {
	whole := true
	share := (to - from + len(f.workers) - 1) / len(f.workers)
	var wg sync.WaitGroup
	for i, w := range f.workers {
		first, last := min(from+i*share, to), min(from+(i+1)*share, to)
		if len(f.workers) == 1 {
			w.whole = w.pairs(ctx, first, last)
			break
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			w.whole = w.pairs(ctx, first, last)
		}()
	}
	wg.Wait()
	for _, w := range f.workers {
		whole = whole && w.whole
		for i, p := range w.probes {
			f.probes[i].add(p)
		}
		for pair, rtt := range w.rtts {
			f.rtts[pair] = rtt
		}
	}
	return whole
}

func (f *phase) target(pair int) (netip.AddrPort, []byte) {
	n := len(f.sweep.Addresses)
	to := netip.AddrPortFrom(f.sweep.Addresses[pair%n].Addr, f.ports[pair/n])
	if f.udp {
		return to, f.sweep.Payload(to.Port())
	}
	return to, nil
}

// found sums the phase up by address.
func (f *phase) found() []*Found {
	var out []*Found
	n := len(f.probes)
	for i, a := range f.sweep.Addresses {
		d := &Found{Address: a, UDP: f.udp, Probes: f.probes[i], Asked: true, Ports: make([]Port, 0, len(f.ports))}
		silent, settled := 0, 0
		for k := range f.ports {
			switch f.answers[k*n+i] {
			case Timeout:
				silent++
			case Unasked:
				d.Asked = false
			default:
				settled++
			}
		}
		d.Lossy = silent > 0 && !f.udp && lossy(d.Probes, settled, f.sweep.Spec.Retries+1)
		for k, number := range f.ports {
			p := Port{Number: number, Answer: f.answers[k*n+i], RTT: f.rtts[k*n+i]}
			p.State = p.Answer.state(f.udp, d.Lossy)
			d.Ports = append(d.Ports, p)
		}
		out = append(out, d)
	}
	return out
}

// lossy reports whether so many attempts are likely to have missed an answer: if each
// is lost with the estimated share, all of a port's are with its power. Where nothing
// is repeated nothing is estimated, and silence may be anything.
func lossy(p Probes, settled, attempts int) bool {
	if attempts < 2 {
		return true
	}
	missed, loss := float64(settled), p.Loss()
	for range attempts {
		missed *= loss
	}
	return missed > 0.05
}
