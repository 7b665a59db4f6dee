package judge

import (
	"runtime"
	"runtime/metrics"
	"sync"
	"sync/atomic"
)

// pace has garbage collected between files, while no worker is at one: little is alive
// then, nobody waits for barriers, and what is used does not grow with the number of
// files. The runtime, set to come later, stays responsible for what one file takes.
type pace struct {
	files sync.RWMutex  // held for reading by a worker at a file
	room  atomic.Uint64 // for the heap, in bytes
}

// least is the room for the heap where little is alive, in bytes.
const least = 32 << 20

func newPace() *pace {
	p := &pace{}
	p.room.Store(least)
	return p
}

// work does what a file takes. A nil pace leaves all to the runtime.
func (p *pace) work(file func()) {
	if p == nil {
		file()
		return
	}
	p.files.RLock()
	func() {
		defer p.files.RUnlock()
		file()
	}()
	if heap(heapObjects) < p.room.Load() {
		return
	}
	p.files.Lock()
	defer p.files.Unlock()
	if heap(heapObjects) < p.room.Load() {
		return // another worker was first
	}
	runtime.GC()
	p.room.Store(max(least, 2*heap(heapLive)))
}

// heap reads one of the runtime's metrics.
func heap(name string) uint64 {
	sample := [1]metrics.Sample{{Name: name}}
	metrics.Read(sample[:])
	return sample[0].Value.Uint64()
}
