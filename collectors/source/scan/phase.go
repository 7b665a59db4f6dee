package scan

import (
	"context"
	"net/netip"
	"time"
)

// phase asks all ports of one protocol. A pair is port number × addresses + address.
type phase struct {
	sweep   *Sweep
	udp     bool
	ports   []uint16
	prober  prober
	state   *state
	answers []Answer
	rtts    map[int]time.Duration // of open ports
	probes  []Probes              // by address
	queue   []probe               // of the pass
	next    int
	silent  []int // pairs
	sent    int   // since started, which is when the rate is counted from
	started time.Time
}

// batch is how many pairs are asked before silent ones are asked again, and before
// the state is written where there is one.
const (
	batch      = 1 << 16
	savedBatch = 1 << 13
)

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
// context ended before.
func (f *phase) piece(ctx context.Context, from, to int) bool {
	before := f.sum()
	f.queue = f.queue[:0]
	for i := from; i < to; i++ {
		f.queue = append(f.queue, probe{pair: i})
	}
	timeout := f.sweep.Spec.Timeout
	for attempt := 0; ; attempt++ {
		f.prober.patience(timeout)
		f.silent = f.silent[:0]
		if !f.pass(ctx, attempt) {
			return false
		}
		if attempt == f.sweep.Spec.Retries || len(f.silent) == 0 {
			break
		}
		f.queue = f.queue[:0]
		for _, pair := range f.silent {
			f.queue = append(f.queue, probe{pair: pair})
		}
		f.sweep.slow(f.since(before))
		timeout *= 2
	}
	f.sweep.slow(f.since(before))
	return true
}

func (f *phase) sum() (all Probes) {
	for _, p := range f.probes {
		all.add(p)
	}
	return all
}

func (f *phase) since(before Probes) Probes {
	p := f.sum()
	p.Answered -= before.Answered
	p.Late -= before.Late
	return p
}

// pass makes one attempt on each pair of the queue.
func (f *phase) pass(ctx context.Context, attempt int) bool {
	f.next, f.sent, f.started = 0, 0, time.Now()
	for turn := 0; f.next < len(f.queue) || f.prober.waiting() > 0; turn++ {
		if turn&15 == 0 && ctx.Err() != nil {
			for f.prober.waiting() > 0 { // their sockets end with them
				f.prober.wait(f.sweep.Spec.Timeout)
			}
			return false
		}
		idle := f.send(attempt)
		if f.prober.waiting() == 0 && f.next < len(f.queue) {
			if idle > 0 {
				time.Sleep(idle)
			}
			continue
		}
		for _, r := range f.prober.wait(idle) {
			f.take(r, attempt)
		}
	}
	return true
}

// send makes attempts while the rate and the room allow, and returns how long to
// wait before the next.
func (f *phase) send(attempt int) time.Duration {
	for n := 0; f.next < len(f.queue); n++ {
		if n == 256 {
			return 0 // look at answers in between: what is open is held until then
		}
		if rate := f.sweep.rate; rate > 0 {
			due := time.Duration(float64(f.sent) / rate * float64(time.Second))
			if ahead := due - time.Since(f.started); ahead > 0 {
				return ahead
			}
		}
		p := f.queue[f.next]
		to, payload := f.target(p.pair)
		r, out := f.prober.start(p, to, payload)
		if out == busy {
			return 5 * time.Millisecond
		}
		f.next++
		f.sent++
		c := &f.probes[p.pair%len(f.probes)]
		c.Sent++
		if attempt > 0 || p.again > 0 {
			c.Retried++
		}
		if attempt == 0 && p.again == 0 && n&63 == 0 {
			f.sweep.progress(0)
		}
		if out == done {
			f.take(r, attempt)
		}
	}
	return 50 * time.Millisecond
}

func (f *phase) target(pair int) (netip.AddrPort, []byte) {
	a, port := f.sweep.Addresses[pair%len(f.probes)], f.ports[pair/len(f.probes)]
	to := netip.AddrPortFrom(a.Addr, port)
	if f.udp {
		return to, f.sweep.Payload(port)
	}
	return to, nil
}

// take notes a reply.
func (f *phase) take(r reply, attempt int) {
	c := &f.probes[r.pair%len(f.probes)]
	switch {
	case r.self && r.again < 8:
		c.Answered++
		f.queue = append(f.queue, probe{pair: r.pair, confirm: r.confirm, again: r.again + 1})
		return
	case r.self:
		r.answer = Refused // a listener's port is never given to a client
	case r.suspect && !r.confirm:
		c.Answered++
		f.queue = append(f.queue, probe{pair: r.pair, confirm: true, again: r.again + 1})
		return
	}
	if attempt == 0 {
		f.sweep.progress(1)
	}
	f.answers[r.pair] = r.answer
	if r.answer == Timeout {
		c.TimedOut++
		f.silent = append(f.silent, r.pair)
		return
	}
	if r.answer != NotSent {
		c.Answered++
		if attempt > 0 && (!f.udp || r.answer == Datagram) {
			c.Late++
		}
	}
	if r.answer == SynAck || r.answer == Datagram {
		f.rtts[r.pair] = r.rtt
	}
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
