package engine

import (
	"runtime/metrics"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/topdown"
)

// watch cancels running evaluations when the heap passes the ceiling. OPA has no
// limit of its own; its loops and the built-ins that grow look at the cancel.
type watch struct {
	limit uint64

	mu      sync.Mutex
	running map[topdown.Cancel]bool // true once cancelled for memory
	done    chan struct{}
}

// heapMetric is the live and not yet swept heap.
const heapMetric = "/memory/classes/heap/objects:bytes"

func newWatch(limit uint64) *watch {
	w := &watch{limit: limit, running: map[topdown.Cancel]bool{}, done: make(chan struct{})}
	if limit > 0 {
		go w.run()
	}
	return w
}

func (w *watch) run() {
	sample := []metrics.Sample{{Name: heapMetric}}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-w.done:
			return
		case <-tick.C:
		}
		metrics.Read(sample)
		if sample[0].Value.Uint64() <= w.limit {
			continue
		}
		w.mu.Lock()
		for c := range w.running {
			w.running[c] = true
			c.Cancel()
		}
		w.mu.Unlock()
	}
}

// start registers an evaluation; the function it returns ends it and says
// whether it was cancelled for memory.
func (w *watch) start(c topdown.Cancel) func() bool {
	if w.limit == 0 {
		return func() bool { return false }
	}
	w.mu.Lock()
	w.running[c] = false
	w.mu.Unlock()
	return func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		cancelled := w.running[c]
		delete(w.running, c)
		return cancelled
	}
}

func (w *watch) close() { close(w.done) }
