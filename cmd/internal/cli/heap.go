package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// roomy is how far the heap grows before garbage is first looked for. A run is
// short, and most of a small one is done by then; what it gives back later is used
// again, which costs less than fresh memory.
const roomy = 288 << 20

// tuneHeap trades memory for time: garbage is looked for when the heap reaches what
// is roomy; once two thirds of that stay alive, when it has grown by six times what is
// alive beyond; and in any case near the ceiling of --memory (in MiB; 0 is none). GOGC and GOMEMLIMIT, where set,
// win. What it returns ends the trade.
func tuneHeap(ceiling int) func() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	before := debug.SetGCPercent(-1)
	p := &pacer{ceiling: int64(ceiling) << 20 / 4 * 3}
	p.pace()
	return func() {
		p.done = true
		debug.SetMemoryLimit(1<<63 - 1)
		debug.SetGCPercent(before)
	}
}

// pacer sets the runtime's memory limit anew after each collection: its own pacing
// is proportional to what is alive, and so collects a small heap much too often.
type pacer struct {
	ceiling int64 // 0 is none
	done    bool
}

func (p *pacer) pace() {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	live := int64(sample[0].Value.Uint64())
	limit := roomy + 6*max(0, live-roomy*2/3)
	if p.ceiling > 0 {
		limit = min(limit, max(p.ceiling, live+live/4))
	}
	debug.SetMemoryLimit(limit)
	// The finalizer of what nobody holds runs after the next collection.
	runtime.SetFinalizer(&struct{ at *pacer }{p}, func(s *struct{ at *pacer }) {
		if !s.at.done {
			s.at.pace()
		}
	})
}
