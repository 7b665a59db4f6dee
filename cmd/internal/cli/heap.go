package cli

import (
	"os"
	"runtime"
	"runtime/debug"
)

// ballast is memory that is asked for and never touched, so it costs none. The
// collector counts it as live: a small heap then grows by some hundred MiB before it
// is searched for garbage, and a large one no more than in proportion.
const ballast = 96 << 20

// tuneHeap trades memory for time: a run is short, and most of what it makes lives
// to its end. Garbage is collected rarely until the heap nears the ceiling of
// --memory (in MiB; 0 is none). GOGC and GOMEMLIMIT, where set, win. What it returns
// ends the trade.
func tuneHeap(ceiling int) func() {
	var held []byte
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(200)
		held = make([]byte, ballast)
	}
	if os.Getenv("GOMEMLIMIT") == "" && ceiling > 0 {
		debug.SetMemoryLimit(int64(ceiling)<<20/4*3 + int64(len(held)))
	}
	return func() { runtime.KeepAlive(held) }
}
