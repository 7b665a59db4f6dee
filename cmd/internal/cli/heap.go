package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// roomy is how far the heap grows before garbage is first looked for. A run is
// short, and most of a small one is done by then; what it gives back later is used
// again, which costs less than fresh memory.
const roomy = 288 << 20

// heap sets the runtime's memory limit anew after each collection: its own pacing is
// proportional to what is alive, and so collects a small heap much too often.
type heap struct {
	ceiling int64 // 0 is none
	parted  atomic.Bool
	files   atomic.Bool // are judged one by one, and little stays alive
	done    atomic.Bool
}

// tuneHeap trades memory for time: garbage is looked for when the heap reaches what
// is roomy, or more where more stays alive, and in any case near the ceiling of
// --memory (in MiB; 0 is none). GOGC and GOMEMLIMIT, where set, win.
func tuneHeap(ceiling int) *heap {
	h := &heap{ceiling: int64(ceiling) << 20 / 4 * 3}
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		h.done.Store(true)
		return h
	}
	debug.SetGCPercent(-1)
	h.pace()
	return h
}

// release ends the trade.
func (h *heap) release() {
	if !h.done.Swap(true) {
		debug.SetMemoryLimit(1<<63 - 1)
		debug.SetGCPercent(100)
	}
}

// alone makes the heap less roomy: fresh memory for what is soon given back costs more
// than to use it again.
func (h *heap) alone() {
	h.files.Store(true)
	if !h.done.Load() {
		h.pace()
	}
}

func (h *heap) pace() {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	live := int64(sample[0].Value.Uint64())
	limit := roomy + 6*max(0, live-roomy*2/3)
	if h.parted.Load() { // most of what is alive are findings, which stay to the end
		limit = max(roomy, 4*live)
	}
	if h.files.Load() {
		limit = max(roomy/3, 4*live)
	}
	if h.ceiling > 0 {
		limit = min(limit, max(h.ceiling, live+live/4))
	}
	debug.SetMemoryLimit(limit)
	// The finalizer of what nobody holds runs after the next collection.
	runtime.SetFinalizer(&struct{ of *heap }{h}, func(s *struct{ of *heap }) {
		if !s.of.done.Load() {
			s.of.pace()
		}
	})
}
