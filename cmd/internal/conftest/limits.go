package conftest

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/writ-policy/writ/cmd/internal/conftest/judge"
)

// limitFlags bound what a command takes, whatever it reads.
func limitFlags(c *cobra.Command) {
	c.Flags().Duration("deadline", time.Hour, "Bound on the whole run; 0 is none")
	c.Flags().Int("memory", 4096, "Heap ceiling in MiB; 0 is none")
}

// bounded does work within the limits that the command line gives. It writes nothing,
// so that where it does not come to an end nothing is half-written.
func bounded[T any](c *cobra.Command, f flags, work func(context.Context, *judge.Watch) (T, error)) (T, error) {
	var none T
	memory, _ := c.Flags().GetInt("memory")
	l := judge.Limits{Run: f.duration("deadline"), Evaluation: f.duration("timeout"), Memory: uint64(memory) << 20}
	switch {
	case memory < 0:
		return none, fmt.Errorf("--memory %d is negative", memory)
	case l.Run < 0:
		return none, fmt.Errorf("--deadline %s is negative", l.Run)
	case l.Evaluation < 0:
		return none, fmt.Errorf("--timeout %s is negative", l.Evaluation)
	}
	ctx, w := judge.NewWatch(c.Context(), l)
	defer w.Close()
	return judge.Within(ctx, w, func() (T, error) { return work(ctx, w) })
}
