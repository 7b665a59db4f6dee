package cli

import (
	"os"
	"runtime/debug"
)

// tuneHeap trades memory for time: a run is short, and most of what it makes lives
// to its end. Garbage is collected rarely until the heap nears the ceiling of
// --memory (in MiB; 0 is none). GOGC and GOMEMLIMIT, where set, win.
func tuneHeap(ceiling int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" && ceiling > 0 {
		debug.SetMemoryLimit(int64(ceiling) << 20 / 4 * 3)
	}
}
