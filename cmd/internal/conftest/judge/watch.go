package judge

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/topdown"
)

// Limits bound a run: what passes one is an error, never a result. Zero is none.
type Limits struct {
	Evaluation time.Duration // of one rule on one document
	Run        time.Duration
	Memory     uint64 // heap, in bytes
}

// Watch holds a run to its limits. OPA has none of its own; its loops and most of the
// built-ins that grow look at a cancel, and what does not heed it is left behind.
type Watch struct {
	limits Limits
	began  time.Time
	cancel context.CancelCauseFunc
	done   chan struct{}
	// alone is held for writing while rules are asked one by one, to find the one
	// that takes the memory; else for reading.
	alone sync.RWMutex

	mu    sync.Mutex
	tasks []*task
}

// grace is the time in which what was cancelled has to end.
const grace = 2 * time.Second

// patience is for how many ticks of a hundredth of a second the heap may be over the
// ceiling while a rule that was cancelled ends: on a busy machine that takes a while.
const patience = 150

// Of the heap: what is alive and not yet swept, and what the last collection has left.
const (
	heapObjects = "/memory/classes/heap/objects:bytes"
	heapLive    = "/gc/heap/live:bytes"
)

// meter measures the heap. Garbage is collected where it is at the ceiling; what is left
// then has to be so much less that the next time is not at once.
type meter []metrics.Sample

func newMeter() meter { return meter{{Name: heapObjects}, {Name: heapLive}} }

func (h meter) over(ceiling uint64) bool {
	metrics.Read(h)
	if ceiling == 0 || h[0].Value.Uint64() <= ceiling {
		return false
	}
	runtime.GC()
	metrics.Read(h)
	return h[1].Value.Uint64() > ceiling/4*3
}

// limitError is a limit that was passed.
type limitError string

func (e limitError) Error() string { return string(e) }

// NewWatch begins to watch: the context that it returns ends where the run has to.
func NewWatch(ctx context.Context, l Limits) (context.Context, *Watch) {
	w := &Watch{limits: l, began: time.Now(), done: make(chan struct{})}
	ctx, w.cancel = context.WithCancelCause(ctx)
	if l != (Limits{}) {
		go w.run()
	}
	return ctx, w
}

// Close ends the watch.
func (w *Watch) Close() {
	close(w.done)
	w.cancel(nil)
}

// Within does work. Where that does not end although its context has, it is left
// behind, and the error says what it was at: the caller has to end the process.
func Within[T any](ctx context.Context, w *Watch, work func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	answered := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a.err = fmt.Errorf("panic: %v", p)
			}
			answered <- a
		}()
		a.value, a.err = work()
	}()
	select {
	case a := <-answered:
		return a.value, a.err
	case <-ctx.Done():
	}
	select {
	case a := <-answered:
		return a.value, a.err
	case <-time.After(grace):
		var none T
		return none, fmt.Errorf("%w%s", context.Cause(ctx), w.where())
	}
}

func (w *Watch) run() {
	size := newMeter()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	over := 0 // ticks in which the heap was over the ceiling
	for {
		select {
		case <-w.done:
			return
		case <-tick.C:
		}
		now := time.Now()
		tooLarge := size.over(w.limits.Memory)
		w.mu.Lock()
		tasks := slices.Clone(w.tasks)
		w.mu.Unlock()
		asked := false
		for _, t := range tasks {
			asked = t.check(now, tooLarge) || asked
		}
		if over++; !tooLarge {
			over = 0
		}
		switch {
		case tooLarge && !asked || over > patience: // it is not a rule that is asked, or one that does not end
			w.cancel(fmt.Errorf("%w%s", w.tooLarge(), w.where()))
		case w.limits.Run > 0 && now.Sub(w.began) > w.limits.Run:
			w.cancel(limitError(fmt.Sprintf("no answer within %s (--deadline)", w.limits.Run)))
		}
	}
}

func (w *Watch) tooLarge() error {
	return limitError(fmt.Sprintf("memory ceiling of %d MiB exceeded (--memory)", w.limits.Memory>>20))
}

// where names what is under way, for an error.
func (w *Watch) where() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []string
	for _, t := range w.tasks {
		t.mu.Lock()
		if t.file != "" {
			all = append(all, t.file)
		}
		t.mu.Unlock()
	}
	if len(all) == 0 {
		return ""
	}
	slices.Sort(all)
	return ": at " + strings.Join(slices.Compact(all), ", ")
}

// collect returns garbage before the rules are asked one by one.
func (w *Watch) collect() {
	runtime.GC()
	debug.FreeOSMemory()
}

// task is what a worker is at.
type task struct {
	w *Watch

	mu      sync.Mutex
	file    string
	cancel  topdown.Cancel
	running bool
	until   time.Time
	err     error // the limit that the evaluation has passed
	ended   bool  // as has the run
}

func (w *Watch) newTask() *task {
	t := &task{w: w, cancel: topdown.NewCancel()}
	w.mu.Lock()
	w.tasks = append(w.tasks, t)
	w.mu.Unlock()
	return t
}

// at says which file the worker is at, "" for none.
func (t *task) at(file string) {
	t.mu.Lock()
	t.file = file
	t.mu.Unlock()
}

// begin starts an evaluation and returns what cancels it.
func (t *task) begin() topdown.Cancel {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil && !t.ended {
		t.cancel, t.err = topdown.NewCancel(), nil
	}
	t.running = true
	if t.w.limits.Evaluation > 0 {
		t.until = time.Now().Add(t.w.limits.Evaluation)
	}
	return t.cancel
}

// end ends it and returns the limit that it has passed, if any.
func (t *task) end() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running = false
	return t.err
}

// check holds an evaluation to its limits and says whether there is one.
func (t *task) check(now time.Time, tooLarge bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.running || t.err != nil {
		return t.running
	}
	switch {
	case tooLarge:
		t.err = t.w.tooLarge()
	case !t.until.IsZero() && now.After(t.until):
		t.err = limitError(fmt.Sprintf("no answer within %s (--timeout)", t.w.limits.Evaluation))
	default:
		return true
	}
	t.cancel.Cancel()
	return true
}

// stop ends what is under way and what comes.
func (t *task) stop(ctx context.Context) func() bool {
	return context.AfterFunc(ctx, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.err, t.ended = context.Cause(ctx), true
		t.cancel.Cancel()
	})
}
