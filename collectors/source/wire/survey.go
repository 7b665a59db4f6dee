package wire

import (
	"context"
	"sync"
	"time"
)

// Many examines ports, so many at once and so many begun a second at most, and returns
// what is known in the order of the targets.
func Many(ctx context.Context, dial Dial, targets []Target, atOnce, perSecond int) []Result {
	out := make([]Result, len(targets))
	room := make(chan struct{}, max(atOnce, 1))
	pace := time.Second / time.Duration(max(perSecond, 1))
	begun := time.Now()
	var wg sync.WaitGroup
	for i, t := range targets {
		if ahead := time.Duration(i)*pace - time.Since(begun); ahead > 0 {
			select {
			case <-time.After(ahead):
			case <-ctx.Done():
			}
		}
		if ctx.Err() != nil {
			out[i] = Guess(t)
			continue
		}
		wg.Add(1)
		room <- struct{}{}
		go func() {
			defer wg.Done()
			defer func() { <-room }()
			out[i] = Identify(ctx, dial, t)
		}()
	}
	wg.Wait()
	return out
}
