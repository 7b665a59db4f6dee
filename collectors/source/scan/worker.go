package scan

import (
	"context"
	"time"
)

// worker asks a share of a piece. Ports are asked in passes: all of them, then those
// that kept silent, with twice the time, and so on.
type worker struct {
	*phase
	prober prober
	queue  []probe // of the pass
	next   int
	silent []int // pairs
	probes []Probes
	rtts   map[int]time.Duration
	sent   int // since started, which is when the rate is counted from
	start  time.Time
	whole  bool // every pair of the piece was asked
	done   int  // pairs since progress was told
}

func (w *worker) pairs(ctx context.Context, from, to int) bool {
	w.probes = make([]Probes, len(w.sweep.Addresses))
	w.rtts = map[int]time.Duration{}
	w.queue = w.queue[:0]
	for i := from; i < to; i++ {
		w.queue = append(w.queue, probe{pair: i})
	}
	timeout := w.sweep.Spec.Timeout
	for attempt := 0; ; attempt++ {
		w.prober.patience(timeout)
		w.silent = w.silent[:0]
		if !w.pass(ctx, attempt) {
			return false
		}
		if w.sweep.rate > 0 { // then there is no other worker
			w.sweep.slow(w.sum())
		}
		if attempt == w.sweep.Spec.Retries || len(w.silent) == 0 {
			return true
		}
		w.queue = w.queue[:0]
		for _, pair := range w.silent {
			w.queue = append(w.queue, probe{pair: pair})
		}
		timeout *= 2
	}
}

func (w *worker) sum() (all Probes) {
	for _, p := range w.probes {
		all.add(p)
	}
	return all
}

// pass makes one attempt on each pair of the queue.
func (w *worker) pass(ctx context.Context, attempt int) bool {
	w.next, w.sent, w.start = 0, 0, time.Now()
	for w.next < len(w.queue) || w.prober.waiting() > 0 {
		w.sweep.progress(w.done)
		w.done = 0
		if ctx.Err() != nil {
			for w.prober.waiting() > 0 { // their sockets end with them
				w.prober.wait(w.sweep.Spec.Timeout)
			}
			return false
		}
		idle := w.send(attempt)
		if w.prober.waiting() == 0 && w.next < len(w.queue) {
			if idle > 0 {
				time.Sleep(idle)
			}
			continue
		}
		for _, r := range w.prober.wait(idle) {
			w.take(r, attempt)
		}
	}
	w.sweep.progress(w.done)
	w.done = 0
	return true
}

// send makes attempts while the rate and the room allow, and returns how long to
// wait before the next.
func (w *worker) send(attempt int) time.Duration {
	for n := 0; w.next < len(w.queue); n++ {
		if n == 256 {
			return 0 // look at answers in between: what is open is held until then
		}
		if rate := w.sweep.rate; rate > 0 {
			due := time.Duration(float64(w.sent) / rate * float64(time.Second))
			if ahead := due - time.Since(w.start); ahead > 0 {
				return ahead
			}
		}
		p := w.queue[w.next]
		to, payload := w.target(p.pair)
		r, out := w.prober.start(p, to, payload)
		if out == busy {
			return 5 * time.Millisecond
		}
		w.next++
		w.sent++
		c := &w.probes[p.pair%len(w.probes)]
		c.Sent++
		if attempt > 0 || p.again > 0 {
			c.Retried++
		}
		if out == done {
			w.take(r, attempt)
		}
	}
	return 50 * time.Millisecond
}

// take notes a reply.
func (w *worker) take(r reply, attempt int) {
	c := &w.probes[r.pair%len(w.probes)]
	switch {
	case r.self && r.again < 8:
		c.Answered++
		w.queue = append(w.queue, probe{pair: r.pair, confirm: r.confirm, again: r.again + 1})
		return
	case r.self:
		r.answer = Refused // a listener's port is never given to a client
	case r.suspect && !r.confirm:
		c.Answered++
		w.queue = append(w.queue, probe{pair: r.pair, confirm: true, again: r.again + 1})
		return
	}
	if attempt == 0 {
		w.done++
	}
	w.answers[r.pair] = r.answer
	if r.answer == Timeout {
		c.TimedOut++
		w.silent = append(w.silent, r.pair)
		return
	}
	if r.answer != NotSent {
		c.Answered++
		if attempt > 0 && (!w.udp || r.answer == Datagram) {
			c.Late++
		}
	}
	if r.answer == SynAck || r.answer == Datagram {
		w.rtts[r.pair] = r.rtt
	}
}
